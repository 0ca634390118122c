internal import OrketVerify

/// The board that `orket init` writes: an epic of two issues, each with a fixture.
enum BoardTemplate {
    /// Directories with their files; the first is the root.
    static var files: [(name: String, files: [(name: String, text: String)])] {
        let sum = FixtureTemplate(kind: .function, language: .python, id: "total").files ?? []
        let program = FixtureTemplate(kind: .cli, language: .python, id: "program").files ?? []
        return [
            ("", [("organisation.yaml", organisation)]),
            ("roles", [("coder.yaml", coder), ("integrity_guard.yaml", guardian)]),
            ("teams", [("core.yaml", team)]), ("environments", [("plain.yaml", environment)]),
            ("epics", [("example.yaml", epic)]), ("fixtures", []), ("fixtures/total", sum),
            ("fixtures/program", program),
        ]
    }

    private static let organisation = """
        schema_version: "1.0.0"
        name: Example
        vision: Nothing is done because somebody says so.
        ethos: Evidence first.
        departments: [core]

        """

    private static let coder = """
        id: coder
        description: Writes the program that an issue asks for.

        """

    private static let guardian = """
        id: integrity_guard
        description: Finishes what the gate has accepted.

        """

    private static let team = """
        id: core
        seats:
          standard: {name: Standard, roles: [coder]}
          guard: {name: Guard, roles: [integrity_guard]}

        """

    private static let environment = """
        id: plain
        model: none
        timeout: 5m

        """

    private static let epic = """
        id: example
        name: Sums
        team: core
        environment: plain
        issues:
          - id: total
            name: A function that adds numbers
            priority: High
            verification: {fixtures: [total]}
          - id: program
            name: A program that adds what it reads
            depends_on: [total]
            verification: {fixtures: [program]}

        """
}
