import OrketCore
import Synchronization

/// One line on a terminal's stderr that tells how far a corpus run is. Silent when stderr is no terminal.
final class ProgressMeter: Sendable {
    private struct State {
        var done = 0
        var outcomes: [Outcome: Int] = [:]
        var lastDraw: ContinuousClock.Instant?
    }

    private let total: Int
    private let skipped: Int
    private let start = ContinuousClock.now
    private let state = Mutex(State())
    private let isVisible: Bool

    /// A meter for `total` records to do, after `skipped` that an earlier run did.
    init(total: Int, skipped: Int, isVisible: Bool = Console.talksToTerminal) {
        self.total = total
        self.skipped = skipped
        self.isVisible = isVisible
    }

    /// Counts one record and redraws the line at most ten times a second.
    func completed(_ outcome: Outcome) {
        state.withLock { state in
            state.done += 1
            state.outcomes[outcome, default: 0] += 1
            let now = ContinuousClock.now
            if !isVisible { return }
            if let last = state.lastDraw, now - last < .milliseconds(100) { return }
            state.lastDraw = now
            Console.talk("\r\u{1B}[K" + Self.line(state.done, total, skipped, state.outcomes, elapsed: now - start))
        }
    }

    /// Removes the line.
    func finish() {
        if isVisible { Console.talk("\r\u{1B}[K") }
    }

    /// `345/1504 22% 12.3/s ETA 1:34 passed 300 failed 45`.
    static func line(
        _ done: Int, _ total: Int, _ skipped: Int, _ outcomes: [Outcome: Int], elapsed: Duration
    ) -> String {
        let seconds = Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let tenths = Int(min(rate * 10, 1e9))
        var line = "\(skipped + done)/\(skipped + total) \((skipped + done) * 100 / max(1, skipped + total))%"
        line += " \(tenths / 10).\(tenths % 10)/s"
        if rate > 0 {
            let left = Int(min(Double(total - done) / rate, 3_599_940))
            line += " ETA \(left / 60):\(left % 60 < 10 ? "0" : "")\(left % 60)"
        }
        for outcome in Outcome.allCases {
            if let count = outcomes[outcome] { line += " \(outcome.rawValue) \(count)" }
        }
        return line
    }
}
