/// A small fixture to begin with, of every kind in every language that the kind exists for: the sum of some numbers.
package struct FixtureTemplate: Sendable {
    package enum Kind: String, Sendable, CaseIterable { case cli, function, check, judge, suite, command }

    private let kind: Kind
    private let language: Language
    private let id: String

    /// A template that becomes a fixture with this id.
    package init(kind: Kind, language: Language, id: String) {
        self.kind = kind
        self.language = language
        self.id = id
    }

    /// The files of the fixture; nil where the kind does not exist in the language.
    package var files: [(name: String, text: String)]? {
        switch kind {
        case .cli:
            let program = TemplateProgram.cli(language)
            return [
                ("fixture.yaml", head(program.file) + cliTail(program)), (program.file, program.reference),
                (program.brokenFile, program.broken),
            ]
        case .function:
            guard let program = TemplateProgram.function(language) else { return nil }
            return [
                ("fixture.yaml", head(program.file) + functionTail), (program.file, program.reference),
                (program.brokenFile, program.broken),
            ]
        case .check:
            guard let program = TemplateProgram.function(language) else { return nil }
            let name = language == .python ? "checker.py" : "checker.js"
            return [
                ("fixture.yaml", head(program.file) + checkTail(name)), (program.file, program.reference),
                (program.brokenFile, program.broken), (name, TemplateProgram.checker(language)),
            ]
        case .judge:
            let program = TemplateProgram.cli(language)
            return [
                ("fixture.yaml", head(program.file) + judgeTail(program)), (program.file, program.reference),
                (program.brokenFile, program.broken), ("judge.py", TemplateProgram.judge),
            ]
        case .suite:
            guard let suite = TemplateSuite(language) else { return nil }
            return [
                ("fixture.yaml", head(suite.program.file) + suite.tail), (suite.program.file, suite.program.reference),
                (suite.program.brokenFile, suite.program.broken), (suite.testFile, suite.tests),
                ("pinned.txt", PinnedTests.text(suite.pinned)),
            ]
        case .command:
            let program = TemplateProgram.cli(language)
            return [
                ("fixture.yaml", head(program.file) + commandTail(program)), (program.file, program.reference),
                (program.brokenFile, program.broken),
            ]
        }
    }

    private func head(_ source: String) -> String {
        let broken = source.replacing(".", with: "-broken.")
        let mutants =
            Drivers.mutates(language)
            ? """
              # Small changes of the reference: at least this share of them must fail.
              mutants: {minimumScore: 0.9}

            """ : ""
        return """
            schema: 1
            id: \(id)
            kind: \(kind.rawValue)
            # One sentence: what is asked of the candidate.
            why: The sum of some numbers.
            language: \(language.rawValue)
            # The candidate. While there is no other, it is the reference as well.
            source: \(source)
            # A candidate that takes longer fails.
            limits: {wall: 30s, cpu: 20s}
            # Candidates whose verdicts are known: `orket fixture prove` runs them.
            controls:
              # Almost right; each must fail.
              broken: [\(broken)]
              # A candidate without content must fail.
              empty: true
            \(mutants)
            """
    }

    private func cliTail(_ program: TemplateProgram) -> String {
        let compile = program.compile.map { "compile: [\($0.joined(separator: ", "))]\n" } ?? ""
        return """
            \(compile)run: [\(program.run.joined(separator: ", "))]
            # stdin in, stdout out. A hidden case shows nothing of itself in results.
            cases:
              - {id: one, stdin: "7\\n", expected: "7\\n"}
              - {id: some, stdin: "12\\n30\\n4\\n", expected: "46\\n"}
              - {id: negative, stdin: "5\\n-9\\n", expected: "-4\\n", hidden: true}
              - {id: none, stdin: "", expected: "0\\n", hidden: true}

            """
    }

    private var functionTail: String {
        """
        # Called for each case; the result must equal `expected`, and be of its type.
        entry: total
        # A hidden case shows nothing of itself in results.
        cases:
          - {id: one, args: [[7]], expected: 7}
          - {id: some, args: [[12, 30, 4]], expected: 46}
          - {id: negative, args: [[5, -9]], expected: -4, hidden: true}
          - {id: none, args: [[]], expected: 0, hidden: true}

        """
    }

    private func checkTail(_ name: String) -> String {
        """
        # Runs in a sandbox of its own; calls of the candidate go from one to the other.
        checker: \(name)
        # The checker defines `check`, which takes the entries.
        style: function
        entries: [total]

        """
    }

    private func commandTail(_ program: TemplateProgram) -> String {
        let setup = program.compile.map { "setup:\n  - argv: [\($0.joined(separator: ", "))]\n" } ?? ""
        let argv = program.run.joined(separator: ", ")
        return """
            \(setup)# Commands in one workspace: what one leaves, the next finds. A hidden step shows nothing of itself in results.
            steps:
              - {id: one, argv: [\(argv)], stdin: "7\\n", expect: {stdout: "7\\n"}}
              - {id: some, argv: [\(argv)], stdin: "12\\n30\\n4\\n", expect: {stdout: "46\\n"}}
              - {id: negative, argv: [\(argv)], stdin: "5\\n-9\\n", expect: {stdout: "-4\\n"}, hidden: true}
              - {id: none, argv: [\(argv)], stdin: "", expect: {stdout: "0\\n"}, hidden: true}

            """
    }

    private func judgeTail(_ program: TemplateProgram) -> String {
        let compile = program.compile.map { "compile: [\($0.joined(separator: ", "))]\n" } ?? ""
        return """
            \(compile)run: [\(program.run.joined(separator: ", "))]
            # Runs in a sandbox of its own, with the files `input` and `output`; exit status 0 accepts.
            judge:
              language: python
              source: judge.py
              run: [python3, -B, judge.py]
            # A hidden case shows nothing of itself in results.
            cases:
              - {id: one, stdin: "7\\n"}
              - {id: some, stdin: "12\\n30\\n4\\n"}
              - {id: negative, stdin: "5\\n-9\\n", hidden: true}

            """
    }
}
