internal import OrketCore
internal import OrketSystem

extension SandboxShape {
    /// Inputs in, START, wait for the end of the tree, outputs out, facts, classification, release.
    static func perform(
        _ request: RunRequest, command: [UInt8], sandbox: SandboxProcess, shape: SandboxShape, timings: RunTimings
    ) async -> RunResult {
        let plan = shape.plan
        let enforcement = sandbox.ready?.enforcement
        let isolation = Isolation(level: plan.level, degraded: plan.degraded) { enforcement?.mechanisms() ?? [:] }
        var facts = RunFacts(limits: plan.limits)
        request.onReady?(isolation, shape.planDigest)
        do {
            let workspace = try Workspace(directory: sandbox.requireScratch())
            for input in request.inputs { try workspace.put(input, owner: shape.hostUID(sandbox.uidSlot)) }
            let run = try start(request, command: command, sandbox: sandbox, shape: shape)
            let end = await run.finished()
            observe(sandbox, end, into: &facts)
            var result = collect(request, workspace, shape, &facts, isolation)
            result.stdout = end.stdout
            result.stderr = end.stderr
            result.timings = timings
            result.timings.programMs = BootClock.milliseconds(from: end.startedAt, to: end.programEndedAt)
            shape.release(sandbox)
            result.timings.teardownMs = BootClock.milliseconds(from: end.programEndedAt, to: BootClock.now)
            return result
        } catch {
            shape.release(sandbox)
            facts.setupFailure = Wire.Failure(
                step: 0, errno: error.errno, index: 0, name: error.call, subject: error.subject)
            return shape.result(facts, isolation: isolation)
        }
    }

    private static func start(
        _ request: RunRequest, command: [UInt8], sandbox: SandboxProcess, shape: SandboxShape
    ) throws(SystemError) -> Run {
        let stdout = try Pipe(nonblocking: .reading)
        let stderr = try Pipe(nonblocking: .reading)
        let run = Run(
            sandbox: sandbox, limits: shape.plan.limits, stdout: stdout.reading, stderr: stderr.reading,
            request: request, whenFinished: { shape.refill() })
        var feed: StandardInputFeed?
        var input: Descriptor?
        var stdin = shape.emptyInput.raw
        switch request.stdin {
        case .empty:
            break
        case .bytes(let bytes):
            let pipe = try Pipe(nonblocking: .writing)
            var fed = StandardInputFeed(pipe: pipe.writing, bytes: bytes)
            if !fed.writeMore() { feed = fed }
            input = pipe.reading
        case .descriptor(let source):
            let pipe = try Pipe(nonblocking: .none)
            DescriptorPump.start(from: source, to: pipe.writing)
            input = pipe.reading
        case .pipe(let reading): stdin = reading
        }
        if let input { stdin = input.raw }
        try run.begin(
            command: command, stdio: [stdin, stdout.writing.raw, stderr.writing.raw], channel: request.channel,
            input: feed)
        // Only the sandbox holds the writing ends now, so end of file means that it let go of them.
        input?.close()
        stdout.writing.close()
        stderr.writing.close()
        request.onStart?(
            RunControl(
                signal: { run.forward(signal: $0) }, cancel: { run.kill(.cancelled) },
                holdOutput: { run.holdOutput($0) }, oomKills: { sandbox.leaf?.oomKills() }))
        return run
    }

    private static func observe(_ sandbox: SandboxProcess, _ end: Run.RunEnd, into facts: inout RunFacts) {
        facts.exit = end.exit
        facts.execFailure = end.execFailure
        facts.setupFailure = end.setupFailure
        facts.killCause = end.killCause
        facts.usage.wallMs = BootClock.milliseconds(from: end.startedAt, to: end.endedAt)
        if let leaf = sandbox.leaf {
            let sample = leaf.sample()
            facts.oomKills = sample.counters.oomKills
            facts.processLimitHits = sample.counters.processLimitHits
            facts.usage.cpuMs = Double(sample.counters.cpuNanoseconds) / 1_000_000
            facts.usage.cpuMetric = leaf.cpuMetric
            facts.usage.memoryPeakBytes = sample.memoryPeakBytes ?? end.maxRSSKiB << 10
            facts.usage.memoryMetric = sample.memoryPeakBytes == nil ? "maxrss" : leaf.memoryMetric
            facts.usage.processesPeak = sample.processesPeak ?? 0
            facts.survivors = leaf.members()
        } else {
            // A tree that was killed was never waited for: the last sample is what is known of it.
            facts.usage.cpuMs = Double(max(end.childCPUMicroseconds, end.sampledCPUMicroseconds)) / 1000
            facts.usage.cpuMetric = end.childCPUMicroseconds >= end.sampledCPUMicroseconds ? "wait4" : "sampled"
            facts.usage.memoryPeakBytes = max(end.maxRSSKiB << 10, end.sampledMemoryPeak)
            facts.usage.memoryMetric = "maxrss"
            facts.usage.processesPeak = end.sampledProcesses
            facts.isAtProcessLimit = end.sampledProcesses >= facts.limits.pids
        }
    }

    private static func collect(
        _ request: RunRequest, _ workspace: Workspace, _ shape: SandboxShape, _ facts: inout RunFacts,
        _ isolation: Isolation
    ) -> RunResult {
        if facts.exit?.isSuccess == false, let space = Files.freeSpace(workspace.directory) {
            facts.scratchFreeBytes = space.bytes
            facts.scratchFreeInodes = space.inodes
        }
        var files: [CollectedFile] = []
        if !request.outputs.isEmpty || request.collectAll != nil {
            let links = Set(request.inputs.filter { $0.kind == .link }.map(\.path))
            let collection = workspace.collect(request.outputs, all: request.collectAll, links: links)
            files = collection.files
            facts.rejectedArtifacts = collection.rejected
            facts.lostArtifacts = collection.lost
            // A program that failed has reasons of its own; what it did not come to make is none.
            if facts.exit?.isSuccess == true { facts.missingArtifacts = collection.missing }
        }
        var result = shape.result(facts, isolation: isolation)
        result.outputs = files
        return result
    }
}

extension SandboxProcess {
    fileprivate func requireScratch() throws(SystemError) -> Descriptor {
        guard let scratch = ready?.scratch else { throw SystemError("workspace", errno: SystemError.EPROTO) }
        return scratch
    }
}
