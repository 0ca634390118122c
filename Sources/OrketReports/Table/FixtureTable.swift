package import OrketCore

/// The tables that people read.
package enum FixtureTable {
    /// One row per fixture: what was concluded, what it took, and in one sentence what decided.
    static func text(_ report: VerificationReport, _ style: TextStyle) -> String {
        var table = TextTable(
            ["fixture", "verdict", "reason", "wall ms", "cpu ms", "memory peak", "what the host saw"],
            rightAligned: [3, 4, 5])
        for fixture in report.fixtures {
            let usage = fixture.usage
            table.add(
                [
                    fixture.id, fixture.outcome.rawValue, fixture.reasons.first?.code.rawValue ?? "-",
                    "\(Figures.whole(usage.wallMs))", "\(Figures.whole(usage.cpuMs))",
                    Figures.size(usage.memoryPeakBytes),
                    fixture.reasons.first?.detail ?? passed(fixture),
                ], colours: [1: colour(fixture.outcome)])
        }
        return table.text(in: style)
    }

    /// One row per fixture: what the kernel said about its sandbox before the first instruction of the program.
    package static func isolation(_ report: VerificationReport, _ style: TextStyle = TextStyle()) -> String {
        var table = TextTable(
            [
                "fixture", "level", "no_new_privs", "seccomp", "capabilities", "own namespaces", "memory", "pids",
                "lacks",
            ], rightAligned: [6, 7])
        for fixture in report.fixtures {
            let isolation = fixture.isolation
            let read = isolation.mechanisms
            let lacks = isolation.degraded.map(\.rawValue).joined(separator: " ")
            table.add([
                fixture.id, "\(isolation.level.rawValue) of 4", read["noNewPrivs"] == "1" ? "on" : "?",
                read["seccompMode"] == "2" ? "filter" : "?", capabilities(read), namespaces(read), memory(read),
                read["cgroup.pids.max"] ?? read["rlimit.nproc"].map { String($0.prefix { $0 != "/" }) } ?? "?",
                lacks.isEmpty ? "-" : lacks,
            ])
        }
        return "Read back from the kernel, before the first instruction of each program:\n" + table.text(in: style)
    }

    /// How many fixtures show what they are meant to show, and those that do not.
    package static func expectations(_ report: VerificationReport) -> String {
        let missed = report.fixtures.filter { $0.meetsExpectation == false }
        let with = report.fixtures.count { $0.meetsExpectation != nil }
        var text = "\n\(with - missed.count) of \(with) fixtures got the verdict and the reason that they expect.\n"
        for fixture in missed {
            let detail = fixture.reasons.first?.detail ?? "no reason"
            let expect = fixture.expectation
            text += "\(TerminalText.escape(fixture.id)): expected \(expect?.outcome.rawValue ?? "-")"
            text += " \(expect?.reason?.rawValue ?? "-"), is \(fixture.outcome.rawValue)"
            text += " \(fixture.reasons.first?.code.rawValue ?? "-")"
            text += ": \(TerminalText.escape(detail, maximumCharacters: 300))\n"
        }
        return text
    }

    private static func passed(_ fixture: FixtureReport) -> String {
        let attempts = fixture.attempts
        let often = attempts.isFlaky ? ", in \(attempts.passed) of \(attempts.planned) attempts" : ""
        return "every case as expected" + often + (fixture.isCached ? " (an earlier verdict)" : "")
    }

    private static func colour(_ outcome: Outcome) -> Colour {
        switch outcome {
        case .passed: .green
        case .failed, .rejected: .red
        case .inconclusive, .cancelled: .yellow
        }
    }

    private static func capabilities(_ read: [String: String]) -> String {
        let sets = ["capEff", "capPrm", "capBnd", "capAmb", "capInh"].map { read[$0] }
        if sets.contains(nil) { return "?" }
        return sets.allSatisfy { $0?.allSatisfy { $0 == "0" } == true } ? "none" : "eff \(read["capEff"] ?? "?")"
    }

    private static func namespaces(_ read: [String: String]) -> String {
        let own = ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"].filter {
            read["ns.\($0)"] != nil && read["ns.\($0).shared"] == nil
        }
        return own.isEmpty ? "none" : own.count == 7 ? "all 7" : own.joined(separator: " ")
    }

    private static func memory(_ read: [String: String]) -> String {
        let value = read["cgroup.memory.max"] ?? read["cgroup.memory.limit_in_bytes"]
        return value.map { text in UInt64(text).map(Figures.size) ?? text } ?? "no limit"
    }
}
