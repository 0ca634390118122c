package import OrketCore
import Synchronization

/// Verifies the records of a corpus side by side and hands each verdict on as soon as it stands.
package struct CorpusVerifier: Sendable {
    private let verifier: Verifier
    private let secondLook: SecondLook

    /// Wall clock of the compile step and of the run, milliseconds: the times within which the verdicts were recorded.
    static let compileWallMs: UInt64 = 30_000
    static let runWallMs: UInt64 = 10_000
    /// Memory under which the verdicts were recorded, bytes.
    static let memoryBytes: UInt64 = 1 << 30

    /// A corpus verifier over `verifier`, which must know the languages of all records.
    package init(_ verifier: Verifier, secondLook: SecondLook = SecondLook()) {
        self.verifier = verifier
        self.secondLook = secondLook
    }

    /// Verifies `records` with `jobs` at a time and calls `emit` for each; verdicts that were cut short by a
    /// cancellation are not handed on, so that a resumed run decides them. Returns when all are done or the task is
    /// cancelled; throws the first error of `emit` after the runs under way have ended.
    package func verify(
        _ records: [CorpusRecord], jobs: Int,
        emit: @escaping @Sendable (CorpusRecord, VerificationResult) async throws(InvalidInput) -> Void
    ) async throws(InvalidInput) {
        let queue = RecordQueue(records)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<max(1, min(jobs, records.count)) {
                group.addTask { await work(through: queue, emit) }
            }
        }
        if let failure = queue.failure { throw failure }
    }

    private func work(
        through queue: RecordQueue,
        _ emit: @Sendable (CorpusRecord, VerificationResult) async throws(InvalidInput) -> Void
    ) async {
        while !Task.isCancelled, let record = queue.next() {
            let result = await secondLook.result(Self.verification(record)) { await verifier.verify($0) }
            if result.verdict.outcome == .cancelled { return }
            do throws(InvalidInput) {
                try await emit(record, result)
            } catch {
                queue.fail(error)
            }
        }
    }

    /// What is done with one record. The CPU limit lies at four times the wall limit, so that a busy loop always meets
    /// the same limit, the wall clock, and the digest of its verdict does not depend on scheduling.
    package static func verification(_ record: CorpusRecord) -> Verification {
        let trials: [Trial]
        switch record.join {
        case .import, .concat: trials = [Trial(name: "")]
        case .stdio:
            trials = record.cases.enumerated().map { index, item in
                Trial(
                    name: "case \(index + 1)", stdin: Array(item.stdin.utf8),
                    expectedStdout: Array(item.expectedStdout.utf8))
            }
        }
        return Verification(
            language: record.language, files: record.files, compile: record.compile, run: record.run, trials: trials,
            compileLimits: [.wall: compileWallMs, .cpu: 4 * compileWallMs],
            runLimits: [.wall: runWallMs, .cpu: 4 * runWallMs, .memory: memoryBytes],
            assurance: record.join == .stdio ? .blackbox : .inProcess, stopsAtFirstFailure: true)
    }
}

/// The records that nobody has taken yet; empty for good once a job failed.
private final class RecordQueue: Sendable {
    private struct State {
        var rest: ArraySlice<CorpusRecord>
        var failure: InvalidInput?
    }

    private let state: Mutex<State>

    init(_ records: [CorpusRecord]) { state = Mutex(State(rest: records[...])) }

    func next() -> CorpusRecord? { state.withLock { $0.rest.popFirst() } }

    func fail(_ error: InvalidInput) {
        state.withLock { state in
            state.failure = state.failure ?? error
            state.rest = []
        }
    }

    var failure: InvalidInput? { state.withLock { $0.failure } }
}
