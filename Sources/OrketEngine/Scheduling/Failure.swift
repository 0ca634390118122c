internal import OrketCore

/// One failed attempt.
struct Failure {
    let kind: AttemptResult.Kind
    /// Bounded in number and length: they are kept with the attempt and in the card's history.
    let reasons: [String]
    /// Nil where the failure is ours: it says nothing about what another try would find.
    let shape: FailureShape?
    /// Another attempt can change nothing.
    let isFinal: Bool

    init(_ kind: AttemptResult.Kind, _ reasons: [String], shape: [(code: String, detail: String)] = []) {
        self.kind = kind
        self.reasons = Self.bounded(reasons)
        self.shape = shape.isEmpty ? nil : FailureShape(kind, reasons: shape)
        isFinal = false
    }

    /// The gate's refusal. When no fixture could be judged, it is our failure; when something is wrong that stays as it is
    /// whatever a worker does, the issue is not tried again.
    init(_ refusal: [GateReason]) {
        let isOurs = refusal.allSatisfy { $0.code == .inconclusive }
        kind = isOurs ? .inconclusive : .refused
        reasons = Self.bounded(refusal.map(\.description))
        shape =
            isOurs
            ? nil
            : FailureShape(
                .refused, reasons: refusal.map { ("\($0.fixture ?? "") \($0.code.rawValue)", $0.detail) })
        isFinal = refusal.contains { !$0.code.isOfAttempt }
    }

    private static let maximumReasons = 50
    private static let maximumCharacters = 1_000

    private static func bounded(_ reasons: [String]) -> [String] {
        let kept = reasons.prefix(maximumReasons).map { reason in
            reason.count > maximumCharacters ? String(reason.prefix(maximumCharacters - 1)) + "…" : reason
        }
        return reasons.count > maximumReasons ? kept + ["and \(reasons.count - maximumReasons) more"] : kept
    }

    /// For the history of the card: as many whole reasons as fit.
    func sentence(_ first: String) -> String {
        var text = first
        for reason in reasons {
            if text.utf8.count + reason.utf8.count + 2 > TransitionRequest.maximumReasonBytes { break }
            text += "; " + reason
        }
        return text
    }
}
