/// What the gate demands of evidence.
package struct GatePolicy: Sendable, Hashable {
    package var minimumLevel = IsolationLevel.namespaces
    package var minimumAssurance = Assurance.blackbox
    /// Protections whose absence is accepted.
    package var allowedDegraded: Set<Protection> = []
    /// False: every verdict must come of a run of its own.
    package var allowsCached = false
    /// False accepts fixtures that nobody has proven able to fail.
    package var requiresProof = true
    /// Evidence that is older counts as stale, milliseconds; nil for no bound.
    package var maximumAgeMs: Int64?
    /// People who may waive evidence; empty: nobody.
    package var waivers: Set<String> = []
    /// Longest time that a waiver holds, milliseconds.
    package var maximumWaiverMs: Int64 = 14 * 86_400_000

    /// The default: namespaces, `blackbox`, proven fixtures, fresh runs, no waivers.
    package init() {}

    /// What of this policy is weaker than `base`, a sentence each; empty when nothing is. A delivery that brings its own policy
    /// is judged by the base version.
    package func weakenings(comparedTo base: GatePolicy) -> [String] {
        var found: [String] = []
        func check(_ isWeaker: Bool, _ sentence: String) { if isWeaker { found.append(sentence) } }
        check(
            minimumLevel < base.minimumLevel,
            "isolation level \(minimumLevel.rawValue) instead of \(base.minimumLevel.rawValue)")
        check(
            !minimumAssurance.isAtLeast(base.minimumAssurance),
            "assurance '\(minimumAssurance.rawValue)' instead of '\(base.minimumAssurance.rawValue)'")
        for protection in allowedDegraded.subtracting(base.allowedDegraded).sorted(by: { $0.rawValue < $1.rawValue }) {
            found.append("'\(protection.rawValue)' may be absent")
        }
        check(allowsCached && !base.allowsCached, "cached verdicts count")
        check(!requiresProof && base.requiresProof, "fixtures need no proof")
        if let most = base.maximumAgeMs, maximumAgeMs.map({ $0 > most }) ?? true {
            found.append("evidence may be older")
        }
        for name in waivers.subtracting(base.waivers).sorted() { found.append("'\(name)' may waive evidence") }
        check(maximumWaiverMs > base.maximumWaiverMs, "waivers may hold longer")
        return found
    }
}

extension Assurance {
    /// True when it binds the candidate as strongly as `other`, or more.
    package func isAtLeast(_ other: Assurance) -> Bool {
        let order = Self.allCases
        return order.firstIndex(of: self)! <= order.firstIndex(of: other)!
    }
}
