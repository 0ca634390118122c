/// Why an outcome is what it is. Closed and versioned: a new case is a new version of the result formats.
///
/// The order of the cases is the precedence: when several hold, the first in this order is the primary reason. Our own
/// failures come first (a verdict about the program would be a guess), then tampering, then what the host stopped, then
/// what the program did by itself.
package enum ReasonCode: String, Sendable, Codable, CaseIterable, Comparable {
    case cancelled
    case sandboxSetupFailed = "sandbox_setup_failed"
    case degradedIsolation = "degraded_isolation"
    case supervisorLostChild = "supervisor_lost_child"
    case hostResource = "host_resource"
    case unprovenFixture = "unproven_fixture"
    case policyWeakened = "policy_weakened"
    case staleEvidence = "stale_evidence"
    case scopeViolation = "scope_violation"
    case tamperedTests = "tampered_tests"
    case resultChannelForged = "result_channel_forged"
    case artifactRejected = "artifact_rejected"
    case compileError = "compile_error"
    case syscallDenied = "syscall_denied"
    case memory
    case outputLimit = "output_limit"
    case fileSize = "file_size"
    case diskQuota = "disk_quota"
    case inodeQuota = "inode_quota"
    case processLimit = "process_limit"
    case cpuTime = "cpu_time"
    case idleTime = "idle_time"
    case wallTime = "wall_time"
    case signal
    case nonzeroExit = "nonzero_exit"
    case artifactMissing = "artifact_missing"
    case noTestsRan = "no_tests_ran"
    case allSkipped = "all_skipped"
    case missingExpectedTest = "missing_expected_test"
    case unexpectedTest = "unexpected_test"
    case resultMismatch = "result_mismatch"
    case wrongOutput = "wrong_output"
    case nondeterministic

    /// Lower ranks win. `nondeterministic` and the comparison reasons rank last: they only hold when nothing was stopped.
    package var rank: Int { Self.ranks[self]! }

    private static let ranks = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))

    package static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// Who vouches for a reason. What only the candidate reports can never make a pass.
package enum ReasonSource: String, Sendable, Codable {
    case host
    case selfReported = "self_reported"
}

/// One reason with its source and a sentence for people. `detail` may quote candidate-made names, always escaped.
package struct Reason: Sendable, Codable, Hashable {
    package let code: ReasonCode
    package let source: ReasonSource
    package let detail: String

    package init(_ code: ReasonCode, source: ReasonSource = .host, _ detail: String) {
        self.code = code
        self.source = source
        self.detail = detail
    }
}
