package import OrketCore

/// What a verification concludes about one candidate, and why.
package struct Verdict: Sendable, Hashable {
    package let outcome: Outcome
    /// By precedence, the primary reason first; empty exactly when passed.
    package let reasons: [Reason]

    /// The one reason that stands for all, nil when passed.
    package var primary: ReasonCode? { reasons.first?.code }

    /// A verdict with its reasons put in order of precedence; equal reasons keep the order in which they arose.
    package init(_ outcome: Outcome, _ reasons: [Reason] = []) {
        self.outcome = outcome
        self.reasons = reasons.enumerated().sorted { a, b in
            a.element.code == b.element.code ? a.offset < b.offset : a.element.code < b.element.code
        }.map(\.element)
    }
}
