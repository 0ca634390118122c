/// What a run or a verification concludes. The set is closed: scripts and receipts depend on it.
package enum Outcome: String, Sendable, Codable, CaseIterable {
    case passed, failed, rejected, inconclusive, cancelled

    /// The process exit status that every command uses for this outcome.
    package var exitCode: Int32 {
        switch self {
        case .passed: 0
        case .failed: 1
        case .inconclusive: 3
        case .rejected: 4
        case .cancelled: 130
        }
    }

    /// How much an outcome weighs among several: the highest stands for all. Our own failures weigh most, because a
    /// verdict about the program would then be a guess.
    package var severity: Int {
        switch self {
        case .passed: 0
        case .failed: 1
        case .rejected: 2
        case .inconclusive: 3
        case .cancelled: 4
        }
    }
}
