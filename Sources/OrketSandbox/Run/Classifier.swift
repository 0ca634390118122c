internal import OrketCore
internal import OrketSystem

/// Facts in, outcome and reasons out. Pure.
///
/// Whoever ended the program is known, not guessed: the supervisor's own kills carry their cause; memory is a reason iff
/// the leaf's OOM events grew, or its peak reached the limit and the kernel, not we, sent SIGKILL.
enum Classifier {
    static func classify(_ facts: RunFacts) -> (outcome: Outcome, reasons: [Reason]) {
        if let failure = facts.setupFailure { return (.inconclusive, setupReasons(failure)) }
        if !facts.survivors.isEmpty {
            return (
                .inconclusive, [Reason(.supervisorLostChild, "processes survived the teardown: \(facts.survivors)")]
            )
        }
        if facts.killCause == .cancelled || facts.killCause == .abandoned {
            return (.cancelled, [Reason(.cancelled, "the run was cancelled")])
        }
        if let exec = facts.execFailure { return execOutcome(exec.path, exec.errno) }
        if facts.exit == nil, facts.killCause == nil {
            return (.inconclusive, [Reason(.supervisorLostChild, "pid 1 of the sandbox ended without a report")])
        }
        if let shortage = hostShortage(facts) { return (.inconclusive, [shortage]) }
        if let lost = facts.lostArtifacts.first {
            return (.inconclusive, [Reason(.hostResource, "what the program left cannot be collected: \(lost)")])
        }
        var reasons = hostReasons(facts)
        if !facts.rejectedArtifacts.isEmpty {
            reasons += facts.rejectedArtifacts.map { Reason(.artifactRejected, $0) }
        }
        reasons += facts.missingArtifacts.map { Reason(.artifactMissing, $0) }
        reasons.sort { $0.code < $1.code }
        if reasons.isEmpty { return (.passed, []) }
        return (reasons.contains { $0.code == .artifactRejected } ? .rejected : .failed, reasons)
    }

    private static func setupReasons(_ failure: Wire.Failure) -> [Reason] {
        let subject = failure.subject.isEmpty ? "" : " (\(escaped(failure.subject)))"
        let step = failure.step == 0 ? failure.name : "step \(failure.step) \(failure.name)"
        let sentence = "\(step)\(subject): \(SystemError.text(failure.errno))"
        var reasons = [Reason(.sandboxSetupFailed, sentence)]
        if SystemError.shortages.contains(failure.errno) { reasons.append(Reason(.hostResource, sentence)) }
        return reasons
    }

    /// What the workspace should have held is the candidate's; a missing interpreter is ours.
    private static func execOutcome(_ path: String, _ errno: Int32) -> (outcome: Outcome, reasons: [Reason]) {
        let sentence = "exec \(escaped(path)): \(SystemError.text(errno))"
        let isArtifact = path.hasPrefix("./") || path.hasPrefix("/box/") || (path.contains("/") && !path.hasPrefix("/"))
        // Nothing of the candidate has run yet: who still holds the file for writing is a process of ours on its way to exec.
        let isOurs = errno == SystemError.ENOMEM || errno == SystemError.ETXTBSY
        if isArtifact, !isOurs { return (.failed, [Reason(.artifactMissing, sentence)]) }
        return (.inconclusive, [Reason(.sandboxSetupFailed, sentence)])
    }

    private static func hostReasons(_ facts: RunFacts) -> [Reason] {
        var reasons: [Reason] = []
        if let cause = facts.killCause, let reason = killReason(cause, facts) { reasons.append(reason) }
        let isMemory = memoryReason(facts)
        if let isMemory { reasons.append(isMemory) }
        if let hits = facts.processLimitHits, hits > 0, facts.exit?.isSuccess != true {
            reasons.append(
                Reason(
                    .processLimit, "the kernel refused \(hits) new processes beyond the limit of \(facts.limits.pids)"))
        }
        if facts.isAtProcessLimit, facts.exit?.isSuccess != true {
            reasons.append(
                Reason(.processLimit, "as many processes were counted as the limit of \(facts.limits.pids) allows"))
        }
        switch facts.exit {
        case .signaled(let signal) where facts.killCause == nil:
            if let reason = signalReason(signal, facts, isMemory: isMemory != nil) { reasons.append(reason) }
        case .exited(let code) where code != 0:
            if facts.scratchFreeBytes.map({ $0 < 4096 }) == true {
                reasons.append(Reason(.diskQuota, "the scratch of \(facts.limits.diskBytes) bytes is full"))
            }
            if facts.scratchFreeInodes == 0 {
                reasons.append(Reason(.inodeQuota, "the scratch holds its limit of \(facts.limits.inodes) files"))
            }
            reasons.append(Reason(.nonzeroExit, "exit code \(code)"))
        default: break
        }
        return reasons
    }

    private static func killReason(_ cause: KillCause, _ facts: RunFacts) -> Reason? {
        switch cause {
        case .wallTime: Reason(.wallTime, "still running after \(facts.limits.wallMs) ms")
        case .cpuTime: Reason(.cpuTime, "used more than \(facts.limits.cpuMs) ms of CPU")
        case .idleTime: Reason(.idleTime, "no CPU use and no output for \(facts.limits.idleMs ?? 0) ms")
        case .memorySampled: Reason(.memory, "resident memory was sampled above \(facts.limits.memoryBytes) bytes")
        case .outputLimit(let stream):
            Reason(.outputLimit, "wrote more than \(facts.limits.outputBytes) bytes to \(stream.rawValue)")
        case .cancelled, .abandoned: nil
        }
    }

    /// The kernel also kills when a cgroup above the sandbox, or the host, runs out: that says nothing of the program. At a
    /// kill for the sandbox's own limit the peak is at the limit, but for what the kernel charges in advance.
    private static func hostShortage(_ facts: RunFacts) -> Reason? {
        let metrics = ["memory.peak", "memory.max_usage_in_bytes"]
        guard let kills = facts.oomKills, kills > 0, metrics.contains(facts.usage.memoryMetric),
            facts.usage.memoryPeakBytes + chargedAhead < facts.limits.memoryBytes
        else { return nil }
        return Reason(
            .hostResource,
            "the host ran out of memory: killed with a peak of \(facts.usage.memoryPeakBytes) bytes, far below the limit of"
                + " \(facts.limits.memoryBytes)")
    }

    private static let chargedAhead: UInt64 = 1 << 20

    private static func memoryReason(_ facts: RunFacts) -> Reason? {
        // Without a cgroup nothing stops the program at the limit; that it went beyond is still a fact of the kernel's.
        if facts.oomKills == nil, facts.exit != nil, facts.killCause != .memorySampled,
            facts.usage.memoryPeakBytes > facts.limits.memoryBytes
        {
            return Reason(
                .memory, "a peak of \(facts.usage.memoryPeakBytes) bytes, more than \(facts.limits.memoryBytes)")
        }
        if let kills = facts.oomKills, kills > 0 {
            return Reason(
                .memory, "the kernel killed for memory beyond \(facts.limits.memoryBytes) bytes (\(kills) kills)")
        }
        guard facts.oomKills != nil, facts.killCause == nil, facts.exit == .signaled(Process.sigkill),
            facts.usage.memoryPeakBytes >= facts.limits.memoryBytes
        else { return nil }
        return Reason(.memory, "killed by the kernel with its peak at the limit of \(facts.limits.memoryBytes) bytes")
    }

    private static func signalReason(_ signal: Int32, _ facts: RunFacts, isMemory: Bool) -> Reason? {
        let name = Process.signalName(signal)
        switch name {
        case "SIGKILL" where isMemory: return nil
        case "SIGXFSZ": return Reason(.fileSize, "a file grew to its limit of \(facts.limits.fsizeBytes) bytes")
        case "SIGSYS": return Reason(.syscallDenied, "killed for a forbidden system call")
        case "SIGXCPU" where facts.usage.cpuMs >= Double(facts.limits.cpuMs):
            return Reason(.cpuTime, "used more than \(facts.limits.cpuMs) ms of CPU")
        default: return Reason(.signal, "killed by \(name)")
        }
    }

    /// Names made by a candidate are hostile text.
    static func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            if scalar.isASCII, scalar.value >= 0x20, scalar.value != 0x7f, scalar != "\\" {
                out.unicodeScalars.append(scalar)
            } else {
                out += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return out
    }
}
