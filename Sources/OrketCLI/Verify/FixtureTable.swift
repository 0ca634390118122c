import OrketCore
import OrketVerify

/// The tables that `orket verify` prints for people.
enum FixtureTable {
    /// One row per fixture: what was concluded and what it took.
    static func text(_ results: [FixtureResult]) -> String {
        var table = TextTable(
            ["fixture", "candidate", "outcome", "reason", "wall ms", "cpu ms", "memory peak"], rightAligned: [4, 5, 6])
        for item in results {
            let usage = item.result.usage
            table.add([
                item.fixture.id, baseName(item.fixture.candidate), item.result.verdict.outcome.rawValue,
                item.result.verdict.primary?.rawValue ?? "-", whole(usage.wallMs), whole(usage.cpuMs),
                size(usage.memoryPeakBytes),
            ])
        }
        return table.text
    }

    /// One row per fixture: what the kernel said about its sandbox before the first instruction of the program.
    static func isolation(_ results: [FixtureResult]) -> String {
        var table = TextTable(
            [
                "fixture", "level", "no_new_privs", "seccomp", "capabilities", "own namespaces", "memory limit",
                "pids limit",
                "degraded",
            ])
        for item in results {
            let isolation = item.result.isolation
            let read = isolation.mechanisms
            let filters = read["seccompFilters"].map { " (\($0) filters)" } ?? ""
            let degraded = isolation.degraded.map(\.rawValue).joined(separator: " ")
            table.add([
                item.fixture.id, String(isolation.level.rawValue), read["noNewPrivs"] ?? "?",
                read["seccompMode"].map { "mode " + $0 + filters } ?? "?", capabilities(read), namespaces(read),
                memory(read), read["cgroup.pids.max"] ?? "?", degraded.isEmpty ? "-" : degraded,
            ])
        }
        return table.text
    }

    /// The fixtures that did not show what they are meant to show, and the reasons of what is inconclusive.
    static func expectations(_ results: [FixtureResult]) -> String {
        let missed = results.filter { $0.meetsExpectation == false }
        let with = results.count { $0.meetsExpectation != nil }
        var text = "\(with - missed.count) of \(with) fixtures show what they are meant to show\n"
        for item in missed {
            let detail = item.result.verdict.reasons.first?.detail ?? "no reason"
            let expect = item.fixture.expect
            text += "\(item.fixture.id): expected \(expect?.outcome.rawValue ?? "-") \(expect?.reason?.rawValue ?? "-")"
            text += ", is \(item.result.verdict.outcome.rawValue) \(item.result.verdict.primary?.rawValue ?? "-")"
            text += ": \(TerminalText.escape(detail, maximumCharacters: 300))\n"
        }
        return text
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
        return own.isEmpty ? "none" : own.joined(separator: " ")
    }

    private static func memory(_ read: [String: String]) -> String {
        let value = read["cgroup.memory.max"] ?? read["cgroup.memory.limit_in_bytes"]
        return value.map { text in UInt64(text).map(size) ?? text } ?? "?"
    }

    private static func baseName(_ path: String) -> String { String(path.split(separator: "/").last ?? "") }

    private static func whole(_ value: Double) -> String { String(Int(value.rounded())) }

    private static func size(_ bytes: UInt64) -> String {
        let tenths = bytes / ((1 << 20) / 10)
        return "\(tenths / 10).\(tenths % 10) MiB"
    }
}
