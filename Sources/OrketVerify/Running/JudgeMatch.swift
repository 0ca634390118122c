import OrketCore
import OrketSandbox

/// Candidate and judge at the same time, each in its own sandbox; what one writes is what the other reads.
///
/// Every byte goes through the supervisor, which counts and bounds it, so neither side can do anything to the other's
/// descriptors. A stream that is closed is closed for its reader too.
final class JudgeMatch: Sendable {
    /// Time for the judge to end once the candidate has: it meets the end of its stdin, milliseconds.
    static let graceMs: UInt64 = 5_000

    /// Whose end of the match.
    enum Side: Sendable { case candidate, judge }

    /// What the host saw of a match.
    struct End: Sendable {
        var candidate: RunResult
        var judge: RunResult
        /// Who ended first, and so of its own accord: whose stdout, as the other can only meet its end afterwards.
        var first: Side
        /// The candidate had ended, the judge's stdin was at its end, and still it went on.
        var isJudgeOverdue = false
        /// The side whose bytes piled up unread beyond the bound.
        var flooded: Side?
        /// The whole was told to stop.
        var isCancelled = false
    }

    private let candidate: Task<RunResult, Never>
    private let judge: Task<RunResult, Never>
    private let flooded = Shared<Side?>(nil)
    private let ended = Shared<[Side]>([])

    /// Starts both.
    init(
        _ sandbox: any SandboxRunner, candidate: (RunRequest, Policy), judge: (RunRequest, Policy)
    ) throws(SandboxError) {
        let toCandidate = try sandbox.openInput()
        let toJudge: InputRelay
        do throws(SandboxError) { toJudge = try sandbox.openInput() } catch {
            toCandidate.close()
            throw error
        }
        self.judge = Self.start(sandbox, judge, .judge, reads: toJudge, writes: toCandidate, flooded, ended)
        self.candidate = Self.start(sandbox, candidate, .candidate, reads: toCandidate, writes: toJudge, flooded, ended)
    }

    private static func start(
        _ sandbox: any SandboxRunner, _ run: (request: RunRequest, policy: Policy), _ side: Side,
        reads input: InputRelay, writes output: InputRelay, _ flooded: Shared<Side?>, _ ended: Shared<[Side]>
    ) -> Task<RunResult, Never> {
        var request = run.request
        let control = Shared<RunControl?>(nil)
        request.stdin = .pipe(input.remoteDescriptor)
        request.onStart = { handle in
            control.value = handle
            input.closeRemote()
        }
        request.onOutput = { stream, bytes in
            guard stream == .stdout, !output.push(bytes) else { return }
            flooded.change { $0 = $0 ?? side }
            control.value?.cancel()
        }
        request.onOutputEnd = { stream in
            guard stream == .stdout else { return }
            // Noted before the other side can meet it.
            ended.change { $0.append(side) }
            output.finish()
        }
        let (ready, policy) = (request, run.policy)
        return Task {
            let result = await sandbox.perform(ready, policy)
            ended.change { $0.append(side) }
            output.finish()
            input.close()
            return result
        }
    }

    /// Waits until both are over. Cancelling the task ends both.
    func play() async -> End {
        await withTaskCancellationHandler {
            let isOverdue = await withTaskGroup(of: Side.self) { group in
                group.addTask { [candidate] in
                    _ = await candidate.value
                    return .candidate
                }
                group.addTask { [judge, candidate] in
                    // A candidate whose judge has refused it, or is lost, need not go on.
                    if await judge.value.exit != .exited(0) { candidate.cancel() }
                    return .judge
                }
                if await group.next() == .candidate { return await self.endJudge(&group) }
                await group.waitForAll()
                return false
            }
            return End(
                candidate: await candidate.value, judge: await judge.value, first: ended.value.first ?? .judge,
                isJudgeOverdue: isOverdue,
                flooded: flooded.value, isCancelled: Task.isCancelled)
        } onCancel: {
            candidate.cancel()
            judge.cancel()
        }
    }

    /// Ends a judge that does not end by itself soon; true when that was needed.
    private func endJudge(_ group: inout TaskGroup<Side>) async -> Bool {
        let wasNeeded = Shared(false)
        let timer = Task { [judge] in
            guard (try? await Task.sleep(for: .milliseconds(Self.graceMs))) != nil else { return }
            wasNeeded.value = true
            judge.cancel()
        }
        await group.waitForAll()
        timer.cancel()
        return wasNeeded.value
    }
}
