/// What the gate says.
package enum GateRuling: Sendable {
    case accepted(VerifiedEvidence)
    /// Every reason at once, in the order of the fixtures; never empty.
    case refused([GateReason])

    /// The token, when there is one.
    package var evidence: VerifiedEvidence? {
        if case .accepted(let evidence) = self { evidence } else { nil }
    }

    /// The reasons against it; empty when accepted.
    package var reasons: [GateReason] {
        if case .refused(let reasons) = self { reasons } else { [] }
    }
}

/// One reason against completion, with what to do.
package struct GateReason: Sendable, Hashable, CustomStringConvertible {
    /// Closed; the raw values stand in results of commands. The order is the precedence within a fixture.
    package enum Code: String, Sendable, CaseIterable {
        case noFixture = "no_fixture"
        case forged = "forged_evidence"
        case missing = "missing_evidence"
        case stale = "stale_evidence"
        case replayed = "replayed_evidence"
        case cached = "cached_evidence"
        case policyWeakened = "policy_weakened"
        case failed = "failed_verification"
        /// Our side failed: nothing is known about the candidate.
        case inconclusive = "inconclusive_verification"
        /// The same content has passed and failed.
        case contradicted = "contradicted_evidence"
        case unproven = "unproven_fixture"
        case degraded = "degraded_isolation"
        case isolation = "isolation_too_low"
        case assurance = "assurance_too_low"
        case waiver = "waiver_refused"

        /// Another candidate, or the same try again, may mend it; the others stay whatever the worker does.
        package var isOfAttempt: Bool { self == .failed || self == .inconclusive || self == .contradicted }
    }

    package let code: Code
    /// Name of the fixture; nil where none is meant.
    package let fixture: String?
    /// Sentences without full stop; may quote names that strangers gave: escape them before they meet a terminal.
    package let detail: String
    package let repair: String

    init(_ code: Code, fixture: String? = nil, _ detail: String, repair: String) {
        self.code = code
        self.fixture = fixture
        self.detail = detail
        self.repair = repair
    }

    package var description: String {
        (fixture.map { "fixture '\($0)': " } ?? "") + "\(detail) (\(code.rawValue)): \(repair)"
    }
}
