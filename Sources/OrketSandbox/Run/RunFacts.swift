internal import OrketCore

/// Why the supervisor killed a run. Written down before the signal is sent: nothing is ever guessed from counters.
enum KillCause: Sendable, Hashable {
    case wallTime, cpuTime, idleTime, cancelled, abandoned
    /// Without a cgroup the supervisor samples; these are its findings.
    case memorySampled
    case outputLimit(OutputStream)
}

/// Everything that the host observed of one run: the only input of its classification.
struct RunFacts: Sendable {
    var limits: Limits
    /// A set-up step failed, or set-up ended without the payload's READY.
    var setupFailure: Wire.Failure?
    /// The program could not be executed: path and errno.
    var execFailure: (path: String, errno: Int32)?
    /// As pid 1 reported; nil when it died before it could.
    var exit: ExitStatus?
    var killCause: KillCause?
    var usage = Usage()
    /// nil without a cgroup.
    var oomKills: UInt64?
    var processLimitHits: UInt64?
    /// Without a cgroup: a count of the processes reached the limit.
    var isAtProcessLimit = false
    var scratchFreeBytes: UInt64?
    var scratchFreeInodes: UInt64?
    var rejectedArtifacts: [String] = []
    var missingArtifacts: [String] = []
    /// What the host had no descriptor or memory to collect.
    var lostArtifacts: [String] = []
    /// Processes that were still there after teardown; always empty, or the run is not over.
    var survivors: [Int32] = []
}
