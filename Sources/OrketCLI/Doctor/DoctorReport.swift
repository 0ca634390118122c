package import OrketCore
import OrketSystem

/// What the doctor found: the checks, the isolation level that follows from them, and how both are shown.
package struct DoctorReport: Sendable {
    package let kernel: String
    package let userID: UInt32
    package let checks: [HostCheck]

    /// Applies every rule to the facts. Pure.
    package init(_ facts: DoctorFacts) {
        kernel = facts.features.release?.description ?? "unknown"
        userID = facts.features.userID
        checks =
            DoctorRules.kernel(facts) + DoctorRules.namespaces(facts) + DoctorRules.proc(facts)
            + DoctorRules.cgroups(facts) + DoctorRules.programs(facts) + DoctorRules.tries(facts)
    }

    /// The highest level below which nothing is blocked.
    package var level: IsolationLevel {
        let lowest = checks.filter(\.blocks).compactMap(\.gates).min() ?? .cgroups
        guard checks.contains(where: { $0.blocks && $0.gates == lowest }) else { return .cgroups }
        return IsolationLevel(rawValue: lowest.rawValue - 1) ?? .none
    }

    /// The checks that keep the host from the level after `level`; empty at the highest.
    package var obstacles: [HostCheck] { checks.filter { $0.blocks && $0.gates?.rawValue == level.rawValue + 1 } }

    /// True when candidates may run here: at least namespaces with a private root, and nothing failed.
    package var isHealthy: Bool { level >= .namespaces && !checks.contains { $0.status == .fail } }

    /// `orket.doctor/1`, described in docs/formats/doctor.schema.json.
    package var json: JSONValue {
        let next: JSONValue =
            level == .cgroups
            ? .null
            : .object([
                .init("level", .integer(Int64(level.rawValue + 1))),
                .init("blockedBy", .array(obstacles.map { .string($0.id) })),
            ])
        return .object([
            .init("schema", .string("orket.doctor/1")), .init("healthy", .bool(isHealthy)),
            .init("level", .integer(Int64(level.rawValue))), .init("next", next), .init("kernel", .string(kernel)),
            .init("userId", .integer(Int64(userID))), .init("checks", .array(checks.map(Self.json))),
        ])
    }

    private static func json(_ check: HostCheck) -> JSONValue {
        .object([
            .init("id", .string(check.id)), .init("status", .string(check.status.rawValue)),
            .init("detail", .string(check.detail)),
            .init("repair", check.repair.map(JSONValue.string) ?? .null),
            .init("gates", check.gates.map { .integer(Int64($0.rawValue)) } ?? .null),
        ])
    }

    /// One line per check, its repair below it unless the line above asks for the same, the conclusion last.
    package var text: String {
        let width = checks.map(\.id.count).max() ?? 0
        var text = ""
        var lastRepair: String?
        for check in checks {
            let status = Self.padded(check.status.rawValue, to: 7)
            text += "\(status)  \(Self.padded(check.id, to: width))  \(TerminalText.escape(check.detail))\n"
            if let repair = check.repair, repair != lastRepair {
                text += "         repair: \(TerminalText.escape(repair))\n"
            }
            lastRepair = check.repair
        }
        text += "\nisolation level \(level.rawValue) of 4: \(Self.meaning(level))\n"
        if let next = IsolationLevel(rawValue: level.rawValue + 1) {
            let names = obstacles.map(\.id).joined(separator: ", ")
            text += "level \(next.rawValue) (\(Self.meaning(next))) needs: \(names)\n"
        }
        return text + "kernel \(TerminalText.escape(kernel)), uid \(userID)\n"
    }

    private static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func meaning(_ level: IsolationLevel) -> String {
        switch level {
        case .none: "nothing"
        case .limits: "resource limits"
        case .filters: "limits and system call filters"
        case .namespaces: "limits, filters, namespaces with a private root"
        case .cgroups: "all of it, and cgroups that bound memory, swap and processes"
        }
    }
}
