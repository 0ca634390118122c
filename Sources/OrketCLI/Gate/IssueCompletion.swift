import OrketCore
import OrketStore

/// The steps by which an issue that somebody has worked on outside of the engine becomes done. Each is a step of the table, so
/// its history reads as that of every other.
struct IssueCompletion {
    private let stored: StoredIssue

    init(_ stored: StoredIssue) { self.stored = stored }

    /// Statuses on the way, the last one `done`; nil where no way leads there.
    static func way(from status: CardStatus) -> [CardStatus]? {
        switch status {
        case .ready, .blocked, .waitingForDeveloper: [.inProgress, .codeReview, .done]
        case .inProgress, .readyForTesting: [.codeReview, .done]
        case .codeReview: [.done]
        case .done, .canceled, .archived: nil
        }
    }

    /// Throws before anything runs when the issue cannot become done, whatever the evidence.
    func check() throws(InvalidInput) {
        if Self.way(from: stored.status) == nil {
            throw InvalidInput([
                Finding(
                    file: stored.id.text,
                    "it is \(stored.status.rawValue); orket issue move \(stored.id) ready works on it again")
            ])
        }
    }

    /// Takes the steps; a step that was refused leaves the ones before it. Returns the last status.
    func finish(
        _ evidence: VerifiedEvidence, by person: Actor, in store: BoardStore, decision: HexDigest
    ) async throws(WorkStoreFailure) -> CardStatus {
        var issue = stored
        for status in Self.way(from: stored.status) ?? [] {
            let isLast = status == .done
            issue = try await store.commit(
                WorkStep(
                    TransitionRequest(
                        issue.id, version: issue.version, .move(status), by: person,
                        roles: isLast ? [.integrityGuard] : [], evidence: isLast ? evidence : nil,
                        reason: isLast ? "the gate's decision \(decision)" : "for the gate", at: .now)))
        }
        return issue.status
    }
}
