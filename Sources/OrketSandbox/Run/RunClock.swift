internal import OrketCore

/// When a running program has used up its wall, CPU or idle time. Pure: readings in, decision out.
struct RunClock: Sendable {
    private let limits: Limits
    private let hasCgroup: Bool
    private let processors: UInt64
    private var startedAt: UInt64 = 0
    private var lastActivityAt: UInt64 = 0
    private var lastCPU: UInt64 = 0
    private var lastOutput: UInt64 = 0

    enum Decision: Sendable, Hashable {
        case nothing
        case kill(KillCause)
        /// Look again at this time.
        case again(UInt64)
        /// Ask pid 1 for a sample, and look again at this time.
        case sample(UInt64)
    }

    /// Less CPU than this between two looks is idleness: an interpreter's timer thread is not work.
    static let idleCPUNanoseconds: UInt64 = 1_000_000
    private static let millisecond: UInt64 = 1_000_000
    /// Finest grain of a look, so that a program near its limit costs no CPU of ours.
    private static let shortestLook = 5 * millisecond
    private static let sampleEvery = 50 * millisecond

    init(limits: Limits, hasCgroup: Bool, processors: Int) {
        self.limits = limits
        self.hasCgroup = hasCgroup
        self.processors = UInt64(max(1, processors))
    }

    mutating func firstCheck(startedAt: UInt64) -> UInt64 {
        self.startedAt = startedAt
        lastActivityAt = startedAt
        return nextLook(now: startedAt, cpu: 0)
    }

    /// `cpuNanoseconds` is nil without a cgroup: then only the wall clock is decided here, the rest in `sampled`.
    mutating func tick(now: UInt64, cpuNanoseconds: UInt64?, outputBytes: UInt64) -> Decision {
        if now >= startedAt + limits.wallMs * Self.millisecond { return .kill(.wallTime) }
        guard hasCgroup, let cpuNanoseconds else { return .sample(min(now + Self.sampleEvery, wallEnd)) }
        if let cause = sampled(cpuNanoseconds: cpuNanoseconds, outputBytes: outputBytes, now: now) {
            return .kill(cause)
        }
        return .again(nextLook(now: now, cpu: cpuNanoseconds))
    }

    /// The program cannot show any activity now, for a reason that is not its own.
    mutating func excuse(at now: UInt64) { lastActivityAt = now }

    mutating func sampled(cpuNanoseconds: UInt64, outputBytes: UInt64, now: UInt64) -> KillCause? {
        if cpuNanoseconds > limits.cpuMs * Self.millisecond { return .cpuTime }
        if cpuNanoseconds > lastCPU + Self.idleCPUNanoseconds || outputBytes != lastOutput {
            lastCPU = cpuNanoseconds
            lastOutput = outputBytes
            lastActivityAt = now
        }
        if let idle = limits.idleMs, now >= lastActivityAt + idle * Self.millisecond { return .idleTime }
        return nil
    }

    private var wallEnd: UInt64 { startedAt + limits.wallMs * Self.millisecond }

    /// The CPU limit cannot be reached before the rest of it is burnt on all processors at once.
    private func nextLook(now: UInt64, cpu: UInt64) -> UInt64 {
        guard hasCgroup else { return min(now + Self.sampleEvery, wallEnd) }
        let rest = limits.cpuMs * Self.millisecond
        let untilCPU = (rest > cpu ? rest - cpu : 0) / processors
        var next = min(wallEnd, now + max(Self.shortestLook, untilCPU))
        if let idle = limits.idleMs { next = min(next, now + max(Self.shortestLook, idle * Self.millisecond / 4)) }
        return next
    }
}
