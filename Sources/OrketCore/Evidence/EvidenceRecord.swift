/// All that is kept of one verification: what went in, what was asked, what the kernel enforced, what happened, and what
/// follows. Plain values; nothing in it can be changed once it is stored.
package struct EvidenceRecord: Sendable {
    package var id: EvidenceID
    package var recordedAt: UTCTime
    /// Id of the fixture, 1...256 bytes. May be a stranger's text: escape it before it meets a terminal.
    package var fixture: String
    package var outcome: Outcome
    /// The primary one first; empty exactly when passed.
    package var reasons: [Reason]
    package var assurance: Assurance
    package var digests: EvidenceDigests
    /// Equal for two verifications that must conclude the same: the key under which this one may be used again.
    package var cacheKey: HexDigest
    /// Release of the kernel that enforced it, as uname(2) gives it.
    package var kernel: String
    package var limits: EvidenceLimits
    package var usage: Usage
    /// As it was read back from the kernel.
    package var isolation: Isolation
    /// Each sandbox, the candidate's and those beside it, in the order of their use.
    package var sandboxes: [EvidenceSandbox] = []
    /// What a proof that was required was worth: `valid`, `absent` or `stale`; nil when none was required.
    package var proof: String?
    /// Of steps that belong to no case, such as compiling.
    package var streams: [EvidenceStream]
    /// Streams and artefacts, also of cases, that are beyond the number that a record tells of.
    package var streamsLeftOut = 0
    package var timings: VerificationTimings
    /// Compile steps of the candidate, in their order.
    package var compilations: [CompileUse] = []
    package var cases: [EvidenceCase]

    /// A record of all its parts.
    package init(
        id: EvidenceID, recordedAt: UTCTime, fixture: String, outcome: Outcome, reasons: [Reason],
        assurance: Assurance, digests: EvidenceDigests, cacheKey: HexDigest, kernel: String, limits: EvidenceLimits,
        usage: Usage, isolation: Isolation, streams: [EvidenceStream] = [], timings: VerificationTimings,
        cases: [EvidenceCase] = []
    ) {
        self.id = id
        self.recordedAt = recordedAt
        self.fixture = fixture
        self.outcome = outcome
        self.reasons = reasons
        self.assurance = assurance
        self.digests = digests
        self.cacheKey = cacheKey
        self.kernel = kernel
        self.limits = limits
        self.usage = usage
        self.isolation = isolation
        self.streams = streams
        self.timings = timings
        self.cases = cases
    }
}

/// What a verdict depends on, each by its SHA-256.
package struct EvidenceDigests: Sendable, Hashable {
    package var candidate: HexDigest
    package var fixture: HexDigest
    package var policy: HexDigest
    /// Of the plan; where several sandboxes had different ones, of the lines `PLAN LF` in the order of their use.
    package var plan: HexDigest
    package var toolchain: HexDigest
    /// Of the program that judged.
    package var verifier: HexDigest

    /// The six digests.
    package init(
        candidate: HexDigest, fixture: HexDigest, policy: HexDigest, plan: HexDigest, toolchain: HexDigest,
        verifier: HexDigest
    ) {
        self.candidate = candidate
        self.fixture = fixture
        self.policy = policy
        self.plan = plan
        self.toolchain = toolchain
        self.verifier = verifier
    }
}

/// Limits as they were asked for, and as the kernel says that it holds them.
package struct EvidenceLimits: Sendable {
    package var asked: Limits
    /// By the name of what was read: a file of the cgroup or a resource limit.
    package var readBack: [String: String]

    /// What was asked, and what was read back.
    package init(asked: Limits, readBack: [String: String]) {
        self.asked = asked
        self.readBack = readBack
    }
}

/// One stream or artefact of a step: every byte counted and hashed, whether or not it was kept.
package struct EvidenceStream: Sendable, Hashable {
    /// What the bytes are; closed.
    package enum Kind: String, Sendable, CaseIterable {
        case stdout, stderr, artefact
    }

    package var step: String
    package var kind: Kind
    package var bytes: UInt64
    package var digest: HexDigest
    package var truncated: Bool
    /// Of an artefact: its path in the workspace. A candidate chose it.
    package var name: String?
    /// What of it went to the content store; nil when nothing did.
    package var kept: KeptBytes?

    /// A stream of the step `step`.
    package init(
        step: String, kind: Kind, bytes: UInt64, digest: HexDigest, truncated: Bool, name: String? = nil,
        kept: KeptBytes? = nil
    ) {
        (self.name, self.kept) = (name, kept)
        self.step = step
        self.kind = kind
        self.bytes = bytes
        self.digest = digest
        self.truncated = truncated
    }
}

/// A blob of the content store with the kept bytes of a stream: all of them, or its head and its tail.
package struct KeptBytes: Sendable, Hashable {
    package var digest: HexDigest
    package var bytes: UInt64
    /// Bytes of the head; the tail follows. Between the two what is not kept is missing.
    package var head: UInt64

    /// A blob of `bytes` bytes.
    package init(digest: HexDigest, bytes: UInt64, head: UInt64) {
        (self.digest, self.bytes, self.head) = (digest, bytes, head)
    }
}

/// What became of one case of a fixture.
package struct EvidenceCase: Sendable {
    package var id: String
    /// Nil when the case was not run, because what came before it decided. That is never a pass.
    package var outcome: Outcome?
    package var reasons: [Reason]
    /// Nil when not run.
    package var usage: Usage?
    package var streams: [EvidenceStream]

    /// The result of the case `id`.
    package init(id: String, outcome: Outcome?, reasons: [Reason], usage: Usage?, streams: [EvidenceStream] = []) {
        self.id = id
        self.outcome = outcome
        self.reasons = reasons
        self.usage = usage
        self.streams = streams
    }
}
