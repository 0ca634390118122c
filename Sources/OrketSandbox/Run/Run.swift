internal import OrketCore
internal import OrketSystem
internal import Synchronization

/// One program in one prepared sandbox: sends START, watches pipes, limits and pid 1, and ends when the whole tree is dead.
///
/// All events are handled on the event loop's thread; the mutex only joins that thread with `begin` and `cancel`.
final class Run: EventHandler {
    private let sandbox: SandboxProcess
    private let loop: EventLoop
    private let limits: Limits
    /// Called on the loop's thread, after the caller has been woken.
    private let whenFinished: @Sendable () -> Void
    private let onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)?
    private let onOutputEnd: (@Sendable (OutputStream) -> Void)?
    private let forwardsSignals: Bool
    private let state: Mutex<State>

    private struct State {
        var stdout: StreamCapture
        var stderr: StreamCapture
        var input: StandardInputFeed?
        var tokens: [EventLoop.Token: Int32] = [:]
        var stdoutToken: EventLoop.Token = 0
        var stderrToken: EventLoop.Token = 0
        var inputToken: EventLoop.Token = 0
        var controlToken: EventLoop.Token = 0
        /// Nothing of the candidate is left, which pid 1 knows before its own end.
        var isEmpty = false
        var timer: EventLoop.Token = 0
        var clock: RunClock
        var end = RunEnd()
        var isFinished = false
        /// The reader of the output cannot keep up.
        var isHeld = false
        /// The payload, opened while it surely was one: a number may be another process's by the time of a signal.
        var payload: Descriptor?
        var waiter: CheckedContinuation<RunEnd, Never>?

        var outputBytes: UInt64 { stdout.byteCount + stderr.byteCount }
    }

    /// What `finished()` returns; the supervisor adds what it reads after the end.
    struct RunEnd: Sendable {
        var exit: ExitStatus?
        var execFailure: (path: String, errno: Int32)?
        var setupFailure: Wire.Failure?
        var killCause: KillCause?
        var startedAt: UInt64 = 0
        var programEndedAt: UInt64 = 0
        var endedAt: UInt64 = 0
        var childCPUMicroseconds: UInt64 = 0
        var maxRSSKiB: UInt64 = 0
        var sampledMemoryPeak: UInt64 = 0
        var sampledCPUMicroseconds: UInt64 = 0
        var sampledProcesses: UInt64 = 0
        var stdout = CapturedStream()
        var stderr = CapturedStream()
    }

    init(
        sandbox: SandboxProcess, limits: Limits, stdout: Descriptor, stderr: Descriptor, request: RunRequest,
        whenFinished: @escaping @Sendable () -> Void
    ) {
        self.whenFinished = whenFinished
        self.sandbox = sandbox
        self.limits = limits
        loop = sandbox.loop
        onOutput = request.onOutput
        onOutputEnd = request.onOutputEnd
        forwardsSignals = request.onStart != nil
        func capture(_ pipe: Descriptor) -> StreamCapture {
            StreamCapture(
                pipe: pipe, limit: limits.outputBytes, keepHead: request.keepHeadBytes, keepTail: request.keepTailBytes)
        }
        state = Mutex(
            State(
                stdout: capture(stdout), stderr: capture(stderr),
                clock: RunClock(limits: limits, hasCgroup: sandbox.leaf != nil, processors: Process.processorCount)))
    }

    /// Sends START and begins to watch. The descriptors are the payload's 0, 1 and 2, and 3 when it has a result channel;
    /// the caller closes its copies after.
    func begin(command: [UInt8], stdio: [Int32], channel: Int32?, input: StandardInputFeed?) throws(SystemError) {
        guard let ready = sandbox.ready else { throw SystemError("start", errno: SystemError.EPROTO) }
        sandbox.attach(self)
        let payload = forwardsSignals ? try Process.openPIDFD(ready.payloadPID) : nil
        let now = BootClock.now
        let timer = loop.addTimer(handler: self)
        state.withLock { state in
            state.end.startedAt = now
            state.timer = timer
            state.input = input
            state.payload = payload
        }
        do throws(SystemError) {
            try send(command, stdio: stdio, channel: channel.map { [$0] } ?? [])
            try watch(startedAt: now)
        } catch {
            abandon()
            throw error
        }
    }

    private func send(_ command: [UInt8], stdio: [Int32], channel: [Int32]) throws(SystemError) {
        if command.count + Wire.headerBytes <= Wire.maximumRecordBytes - 4096 {
            try sandbox.start.send(Wire.encode(.start, body: command), descriptors: stdio + channel)
        } else {
            let file = try MemoryFile(sealed: command, name: "command")
            try sandbox.start.send(Wire.encode(.startLong), descriptors: stdio + [file.descriptor.raw] + channel)
        }
    }

    /// Nothing was started, or nothing can be watched: the sandbox is about to be taken down unobserved.
    private func abandon() {
        let (tokens, timer) = state.withLock { state in
            defer { state.tokens = [:] }
            state.isFinished = true
            return (state.tokens, state.timer)
        }
        for (token, raw) in tokens { loop.remove(token, descriptor: raw) }
        loop.removeTimer(timer)
    }

    private func watch(startedAt: UInt64) throws(SystemError) {
        let (out, err, feed) = state.withLock {
            ($0.stdout.rawDescriptor, $0.stderr.rawDescriptor, $0.input?.rawDescriptor)
        }
        // Under the lock: an event that fires at once must find its token.
        var failure: SystemError?
        state.withLock { state in
            do {
                state.stdoutToken = try loop.add(out, handler: self)
                state.tokens[state.stdoutToken] = out
                state.stderrToken = try loop.add(err, handler: self)
                state.tokens[state.stderrToken] = err
                if let feed {
                    state.inputToken = try loop.add(feed, forWriting: true, handler: self)
                    state.tokens[state.inputToken] = feed
                }
                state.controlToken = try loop.add(sandbox.control.descriptor.raw, handler: self)
                state.tokens[state.controlToken] = sandbox.control.descriptor.raw
                loop.setTimer(state.timer, at: state.clock.firstCheck(startedAt: startedAt))
            } catch let error as SystemError {
                failure = error
            } catch {}
        }
        if let failure { throw failure }
    }

    /// Suspends until the tree is dead and the pipes are drained.
    func finished() async -> RunEnd {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let end = state.withLock { state -> RunEnd? in
                    if state.isFinished { return state.end }
                    state.waiter = continuation
                    return nil
                }
                if let end { continuation.resume(returning: end) }
            }
        } onCancel: {
            kill(.cancelled)
        }
    }

    /// Writes the cause down, then kills: the first cause stands.
    func kill(_ cause: KillCause) {
        let isFirst = state.withLock { state in
            if state.isFinished || state.end.killCause != nil || state.end.exit != nil { return false }
            state.end.killCause = cause
            return true
        }
        guard isFirst, let pidfd = sandbox.ready?.pidfd else { return }
        Process.signal(pidfd, Process.sigkill)
    }

    /// Sends a signal to the program, as a terminal or a parent would.
    func forward(signal: Int32) {
        guard let payload = state.withLock({ $0.payload }) else { return }
        Process.forward(signal, to: payload)
    }

    /// Stops or resumes reading both streams, see `RunControl.holdOutput`.
    func holdOutput(_ hold: Bool) {
        state.withLock { state in
            guard !state.isFinished, state.isHeld != hold else { return }
            state.isHeld = hold
            for token in [state.stdoutToken, state.stderrToken] {
                if let raw = state.tokens[token] { loop.setWatching(token, descriptor: raw, !hold) }
            }
        }
    }

    func received(_ message: Wire.Message) {
        switch message {
        case .exited(let exit):
            state.withLock { state in
                // CLD_EXITED is 1; CLD_KILLED and CLD_DUMPED carry a signal.
                state.end.exit = exit.code == 1 ? .exited(exit.status) : .signaled(exit.status)
                state.end.programEndedAt = BootClock.now
                state.end.childCPUMicroseconds = exit.cpuMicroseconds
                state.end.maxRSSKiB = exit.maxRSSKiB
                state.isEmpty = exit.isAlone
            }
        case .counted(let processes, let cpu, let rss):
            let cause = state.withLock { state -> KillCause? in
                state.end.sampledMemoryPeak = max(state.end.sampledMemoryPeak, rss)
                state.end.sampledCPUMicroseconds = max(state.end.sampledCPUMicroseconds, cpu)
                state.end.sampledProcesses = max(state.end.sampledProcesses, UInt64(processes))
                if rss > limits.memoryBytes { return .memorySampled }
                return state.clock.sampled(
                    cpuNanoseconds: cpu * 1000, outputBytes: state.outputBytes, now: BootClock.now)
            }
            if let cause { kill(cause) }
        default: break
        }
    }

    /// A numbered step is set-up, also where it failed beside a payload that stood ready; the rest is the program's exec.
    func failed(_ failure: Wire.Failure) {
        state.withLock { state in
            if failure.step > 0 {
                state.end.setupFailure = failure
            } else {
                state.end.execFailure = (failure.subject, failure.errno)
            }
        }
    }

    func descriptorReady(_ token: EventLoop.Token) {
        let (isControl, isInput, isOutput) = state.withLock {
            ($0.controlToken == token, $0.inputToken == token, $0.stdoutToken == token || $0.stderrToken == token)
        }
        if isControl { return controlReady(token) }
        // The rest is the pidfd: pid 1 is dead, so the kernel has killed and reaped its whole namespace.
        if !isInput, !isOutput { return finish() }
        if isInput { return feed(token) }
        readOutput(token)
    }

    /// Pid 1 says how the program ended. When it is alone by then, the tree is empty and the run is over; else, and when it
    /// died without a word, its own end is waited for.
    private func controlReady(_ token: EventLoop.Token) {
        let isAtEnd = sandbox.drainControl()
        let (isEmpty, isEnding) = state.withLock { ($0.isEmpty, isAtEnd || $0.end.exit != nil) }
        if isEmpty { return finish() }
        guard isEnding else { return }
        drop(token)
        guard let pidfd = sandbox.ready?.pidfd, let death = try? loop.add(pidfd.raw, handler: self) else {
            return finish()
        }
        state.withLock { $0.tokens[death] = pidfd.raw }
    }

    private func feed(_ token: EventLoop.Token) {
        let finished = state.withLock { state in state.input?.writeMore() ?? true }
        if finished { drop(token) }
    }

    private func drop(_ token: EventLoop.Token) {
        let raw = state.withLock { $0.tokens.removeValue(forKey: token) }
        if let raw { loop.remove(token, descriptor: raw) }
        state.withLock { state in if state.inputToken == token { state.input = nil } }
    }

    private func readOutput(_ token: EventLoop.Token) {
        let stream: OutputStream = state.withLock { $0.stdoutToken == token } ? .stdout : .stderr
        let (chunk, isAtEnd, isOver) = state.withLock { state in
            stream == .stdout ? state.stdout.readOnce() : state.stderr.readOnce()
        }
        if let chunk { onOutput?(stream, chunk) }
        if isOver { kill(.outputLimit(stream)) }
        if isAtEnd {
            drop(token)
            onOutputEnd?(stream)
        }
    }

    func timerFired(_ token: EventLoop.Token) {
        let now = BootClock.now
        let decision = state.withLock { state -> RunClock.Decision in
            guard !state.isFinished else { return .nothing }
            if state.isHeld { state.clock.excuse(at: now) }
            return state.clock.tick(
                now: now, cpuNanoseconds: sandbox.leaf?.cpuNanoseconds(), outputBytes: state.outputBytes)
        }
        switch decision {
        case .nothing: break
        case .kill(let cause):
            // A program that ended in time is not to pay for a report that nobody had come to read.
            sandbox.drainControl()
            kill(cause)
        case .again(let time): loop.setTimer(token, at: time)
        case .sample(let time):
            // Without a cgroup pid 1 adds up its processes; the answer comes as COUNTED.
            try? sandbox.control.send(Wire.encode(.count))
            loop.setTimer(token, at: time)
        }
    }

    /// The tree is empty.
    private func finish() {
        sandbox.drainControl()
        var late: [(OutputStream, [UInt8])] = []
        let (tokens, timer) = state.withLock { state -> ([EventLoop.Token: Int32], EventLoop.Token) in
            state.end.endedAt = BootClock.now
            if state.end.programEndedAt == 0 { state.end.programEndedAt = state.end.endedAt }
            while let chunk = state.stdout.readChunk() { late.append((.stdout, chunk)) }
            while let chunk = state.stderr.readChunk() { late.append((.stderr, chunk)) }
            if state.end.killCause == nil {
                if state.stdout.isOverLimit { state.end.killCause = .outputLimit(.stdout) }
                if state.stderr.isOverLimit { state.end.killCause = .outputLimit(.stderr) }
            }
            return (state.tokens, state.timer)
        }
        if let onOutput { for (stream, chunk) in late { onOutput(stream, chunk) } }
        for (token, raw) in tokens { loop.remove(token, descriptor: raw) }
        loop.removeTimer(timer)
        let (waiter, end) = state.withLock { state -> (CheckedContinuation<RunEnd, Never>?, RunEnd) in
            state.end.stdout = state.stdout.finish()
            state.end.stderr = state.stderr.finish()
            state.isFinished = true
            defer {
                state.tokens = [:]
                state.waiter = nil
                state.input = nil
            }
            return (state.waiter, state.end)
        }
        waiter?.resume(returning: end)
        whenFinished()
    }
}

extension StreamCapture {
    /// One read with what the caller needs to know after it.
    mutating func readOnce() -> (chunk: [UInt8]?, isAtEnd: Bool, isOverLimit: Bool) {
        let chunk = readChunk()
        return (chunk, isAtEnd, isOverLimit)
    }
}
