package import OrketCore

/// One requirement of the sandbox, held against this host.
package struct HostCheck: Sendable, Hashable {
    /// How a check ended; `caution` works with less than there could be.
    package enum Status: String, Sendable, CaseIterable {
        case pass = "PASS"
        /// Works, with less protection or comfort than it could have.
        case caution = "CAUTION"
        /// No program of a stranger should run on this host as it is.
        case fail = "FAIL"
        /// Does not apply here, or could not be looked at.
        case skipped = "SKIPPED"
    }

    /// Stable name for scripts, such as `namespaces.user`.
    package var id: String
    package var status: Status
    /// What was found; when not `pass`, why that matters.
    package var detail: String
    /// The command, or the step, that repairs it; nil when nothing is to be repaired.
    package var repair: String?
    /// The isolation level that cannot be reached while this is a caution or failure; nil when none depends on it.
    package var gates: IsolationLevel?

    package init(
        _ id: String, _ status: Status, _ detail: String, repair: String? = nil, gates: IsolationLevel? = nil
    ) {
        self.id = id
        self.status = status
        self.detail = detail
        self.repair = repair
        self.gates = gates
    }

    /// True when this check keeps the host below `gates`.
    package var blocks: Bool { gates != nil && (status == .fail || status == .caution) }
}
