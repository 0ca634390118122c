import Testing

@Suite("The jail's steps and their documentation")
struct StepTableTests {
    struct Step: Hashable {
        var phase: String
        var name: String
        /// The protection that switches the step, in the words of `Protection`; "always" for none.
        var condition: String
    }

    private static let code = Repository.text("Sources/orket-jail/steps.c")
    private static let document = Repository.text("docs/ARCHITECTURE.md")

    /// Rows of the table in steps.c, in its order: `{PHASE_INIT, "proc", -1, step_proc},`.
    private static func steps(_ code: String) -> [Step] {
        code.split(separator: "\n").map(\.trimming).filter { $0.hasPrefix("{PHASE_") }.map { line in
            let fields = line.drop { $0 == "{" }.split(separator: ",").map { $0.trimming }
            let phase = fields[0].dropFirst("PHASE_".count).lowercased()
            let condition = fields[2] == "-1" ? "always" : fields[2].dropFirst("PROTECT_".count).lowercased()
            return Step(phase: phase, name: String(fields[1].filter { $0 != "\"" }), condition: condition)
        }
    }

    /// Rows of the document: number, process, step, condition, reason.
    private static func documented(_ text: String) -> [(number: String, step: Step, reason: String)] {
        (MarkdownTable(text, header: ["#", "process", "step"])?.rows ?? []).map { cells in
            let plain = cells.map { $0.filter { $0 != "`" } }
            return (
                plain[0], Step(phase: plain[1], name: plain[2], condition: plain[3]), cells.count > 4 ? cells[4] : ""
            )
        }
    }

    @Test("the architecture page has every step of the jail, in the jail's order, with a reason")
    func tables() {
        let steps = Self.steps(Self.code)
        #expect(steps.count >= 20)
        let rows = Self.documented(Self.document)
        #expect(rows.map(\.step) == steps)
        #expect(rows.map(\.number) == (1...max(1, steps.count)).map(String.init))
        for row in rows { #expect(row.reason.count > 20, "\(row.step.name) has no reason") }
    }

    @Test("a step that is missing, or has moved, makes the two differ")
    func findsDifference() {
        let code = "    {PHASE_INIT, \"proc\", -1, step_proc},\n    {PHASE_PAYLOAD, \"seccomp\", PROTECT_SECCOMP, f},\n"
        let good = """
            | # | process | step | when | reason |
            |---|---|---|---|---|
            | 1 | init | `proc` | always | because it must be |
            | 2 | payload | `seccomp` | seccomp | because it comes last |

            """
        #expect(Self.documented(good).map(\.step) == Self.steps(code))
        let swapped = code.split(separator: "\n").reversed().joined(separator: "\n")
        #expect(Self.documented(good).map(\.step) != Self.steps(swapped))
        #expect(Self.documented("no table\n").isEmpty)
    }
}
