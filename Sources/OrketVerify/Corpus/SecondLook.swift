import OrketCore

/// Tells a program that is too slow from a host that was too busy.
///
/// The limit of a record is wall time, as it was recorded on a quiet machine. When it strikes while processes stood in
/// line for a processor, and the program got less than nine tenths of one, the verdict would tell about the host. The
/// record is then looked at once more with four times the wall time and twice its wall time as CPU time. Whoever still
/// meets a limit is too slow for certain; whoever ends gets the verdict that its own end deserves. On a quiet host
/// nothing of this ever happens.
package struct SecondLook: Sendable {
    /// Microseconds for which some process of the host stood in line for a processor, since it started; nil when the
    /// kernel does not count them, and then every struck limit is looked at twice.
    private let stalled: @Sendable () -> UInt64?

    static let wallFactor: UInt64 = 4
    static let cpuFactor: UInt64 = 2

    /// Reads the pressure of this host.
    package init() { self.init { Self.hostPressure() } }

    /// With another source of pressure, for tests.
    package init(stalled: @escaping @Sendable () -> UInt64?) { self.stalled = stalled }

    /// The result of `verify(verification)`, or that of a second run where the host may be to blame for the first.
    func result(
        _ verification: Verification, by verify: @Sendable (Verification) async -> VerificationResult
    ) async -> VerificationResult {
        let before = stalled()
        let first = await verify(verification)
        guard Self.isDoubtful(first, stalledMicroseconds: before.flatMap { earlier in stalled().map { $0 - earlier } })
        else { return first }
        var patient = verification
        patient.compileLimits = Self.stretched(verification.compileLimits)
        patient.runLimits = Self.stretched(verification.runLimits)
        return Self.settled(await verify(patient))
    }

    /// A struck wall limit, a program that got less than nine tenths of a processor, a queue for more than a tenth of
    /// the time.
    static func isDoubtful(_ result: VerificationResult, stalledMicroseconds: UInt64?) -> Bool {
        guard result.verdict.reasons.contains(where: { $0.code == .wallTime }) else { return false }
        if result.usage.cpuMs >= 0.9 * result.usage.wallMs { return false }
        return stalledMicroseconds.map { Double($0) / 1_000 > 0.1 * result.timings.totalMs } ?? true
    }

    private static func stretched(_ limits: [LimitKey: UInt64]) -> [LimitKey: UInt64] {
        guard let wall = limits[.wall] else { return limits }
        return limits.merging([.wall: wall * wallFactor, .cpu: wall * cpuFactor]) { _, new in new }
    }

    /// Either limit of the second run means the same: too slow. The digest of verdicts must not tell which it was.
    private static func settled(_ result: VerificationResult) -> VerificationResult {
        var settled = result
        settled.verdict = Verdict(
            result.verdict.outcome,
            result.verdict.reasons.map {
                $0.code == .cpuTime ? Reason(.wallTime, $0.detail + " in a second run on a busy host") : $0
            })
        return settled
    }

    private static func hostPressure() -> UInt64? {
        guard let bytes = try? HostFile.contents("/proc/pressure/cpu", maximumBytes: 4_096) else { return nil }
        let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("some ") }
        let total = line?.split(separator: " ").first { $0.hasPrefix("total=") }
        return total.flatMap { UInt64($0.dropFirst(6)) }
    }
}
