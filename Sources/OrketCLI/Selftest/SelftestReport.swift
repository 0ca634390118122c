package import OrketCore
import OrketReports

/// What the self-test found, and how it is shown.
package struct SelftestReport: Sendable {
    /// Sorted as the corpus is: by category, then by name.
    package let programs: [HostileReport]
    /// Candidates that cheat, and honest ones.
    package let cheats: [CheatReport]
    package let seconds: Double

    package init(programs: [HostileReport], cheats: [CheatReport] = [], seconds: Double) {
        self.programs = programs
        self.cheats = cheats
        self.seconds = seconds
    }

    /// True when something was proved and nothing failed.
    package var isPassed: Bool {
        let proves = count(.held) > 0 || !cheats.isEmpty
        return proves && !programs.contains { $0.verdict.isFailure } && cheats.allSatisfy(\.isMet)
    }

    private func count(_ verdict: HostileVerdict, in category: HostileProgram.Category? = nil) -> Int {
        programs.filter { $0.verdict == verdict && (category == nil || $0.program.category == category) }.count
    }

    // MARK: - For people

    /// A table per category, then the sums.
    package var text: String {
        var text = ""
        for category in HostileProgram.Category.allCases {
            let members = programs.filter { $0.program.category == category }
            if members.isEmpty { continue }
            var table = TextTable([category.rawValue, "verdict", "control", "what happened"])
            for member in members {
                let name = String(member.program.name.dropFirst(category.rawValue.count + 1))
                table.add([name, member.verdict.rawValue, Self.control(member.program.control), Self.event(member)])
            }
            text += table.text + "\n"
        }
        return text + (programs.isEmpty ? "" : sums) + cheatText + conclusion
    }

    /// Those that did not get their verdict, and how many did.
    private var cheatText: String {
        if cheats.isEmpty { return "" }
        var text = ""
        for report in cheats where !report.isMet {
            let wanted = report.expected.map { $0.reason?.rawValue ?? $0.outcome.rawValue } ?? "nothing"
            let got = report.reasons.first?.code.rawValue ?? report.outcome.rawValue
            let detail = TerminalText.escape(report.reasons.first?.detail ?? "", maximumCharacters: 300)
            text += "  \(report.id): \(got), expected \(wanted)  \(detail)\n"
        }
        func sum(_ isCheat: Bool) -> String {
            let all = cheats.filter { $0.isCheat == isCheat }
            return "\(all.count(where: \.isMet)) of \(all.count)"
        }
        return "\ncheats: \(sum(true)) refused for the right reason, \(sum(false)) honest ones passed\n" + text
    }

    private var sums: String {
        let verdicts = HostileVerdict.allCases
        let columns = Set(1...(verdicts.count + 1))
        var table = TextTable(["category", "programs"] + verdicts.map(\.rawValue), rightAligned: columns)
        for category in HostileProgram.Category.allCases {
            let members = programs.filter { $0.program.category == category }
            if members.isEmpty { continue }
            let counts = verdicts.map { String(count($0, in: category)) }
            table.add([category.rawValue, String(members.count)] + counts)
        }
        table.add(["all", String(programs.count)] + verdicts.map { String(count($0)) })
        return table.text
    }

    private var conclusion: String {
        let tenths = Int((seconds * 10).rounded())
        let time = "\(tenths / 10).\(tenths % 10) s"
        if isPassed {
            let skipped = count(.skipped)
            let rest = skipped > 0 ? " \(skipped) could not be tried here: the rows marked skipped say why." : ""
            if programs.isEmpty { return "\nEvery candidate got its verdict (\(time)).\n" }
            return "\nThe sandbox held in all \(count(.held)) tries, each proved by a control run (\(time)).\(rest)\n"
        }
        let failures = programs.filter(\.verdict.isFailure)
        let unmet = cheats.count { !$0.isMet }
        var text =
            "\nNOT PROVED: \(failures.count) of \(programs.count) programs, \(unmet) of \(cheats.count) candidates (\(time)).\n"
        for failure in failures {
            text +=
                "  \(failure.verdict.rawValue)  \(failure.program.name): \(TerminalText.escape(failure.program.title))\n"
            text += "      \(TerminalText.escape(failure.detail, maximumCharacters: 300))\n"
        }
        return text
    }

    /// What happened, without the word that the verdict's column says better.
    private static func event(_ report: HostileReport) -> String {
        for word in ["blocked: ", "not applicable: "] where report.detail.hasPrefix(word) {
            return String(report.detail.dropFirst(word.count))
        }
        return report.detail
    }

    private static func control(_ control: HostileProgram.Control) -> String {
        switch control {
        case .without(let protections): "without " + protections.map(\.rawValue).sorted().joined(separator: ",")
        case .limits(let assignments, _): assignments.joined(separator: " ")
        case .host: "bare host"
        case .honest: "honest twin"
        }
    }

    // MARK: - For scripts

    /// `orket.selftest/1`.
    package var json: JSONValue {
        .object([
            .init("schema", .string("orket.selftest/1")), .init("passed", .bool(isPassed)),
            .init("seconds", .number((seconds * 1_000).rounded() / 1_000)),
            .init(
                "counts",
                .object(HostileVerdict.allCases.map { .init($0.rawValue, .integer(Int64(count($0)))) })),
            .init("programs", .array(programs.map(Self.json))), .init("cheats", .array(cheats.map(\.json))),
        ])
    }

    private static func json(_ report: HostileReport) -> JSONValue {
        let program = report.program
        return .object([
            .init("name", .string(program.name)), .init("category", .string(program.category.rawValue)),
            .init("title", .string(program.title)), .init("rows", .array(program.rows.map { .string($0) })),
            .init("expect", .string(expectation(program.expectation))),
            .init("control", .string(control(program.control))),
            .init("verdict", .string(report.verdict.rawValue)), .init("detail", .string(report.detail)),
            .init("hostileRun", report.hostile.map(json) ?? .null),
            .init("controlRun", report.control.map(json) ?? .null),
        ])
    }

    private static func expectation(_ expectation: HostileProgram.Expectation) -> String {
        switch expectation {
        case .blocked: "blocked"
        case .reason(let code): code.rawValue
        case .passed: "passed"
        }
    }

    private static func json(_ run: HostileObservation) -> JSONValue {
        let exit: JSONValue =
            switch run.exit {
            case .exited(let code): .object([.init("code", .integer(Int64(code)))])
            case .signaled(let number): .object([.init("signal", .integer(Int64(number)))])
            case nil: .null
            }
        return .object([
            .init("outcome", .string(run.outcome.rawValue)),
            .init("reasons", .array(run.reasons.map { .string($0.rawValue) })), .init("exit", exit),
            .init("text", .string(run.text)), .init("survivors", .integer(Int64(run.survivors))),
            .init("wallMs", .milliseconds(run.milliseconds)),
        ])
    }
}
