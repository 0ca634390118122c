package import OrketCore

extension EvidenceRecord {
    /// A record with something in every member. Ids differ from call to call; everything else depends on the arguments.
    package static func sample(
        fixture: String = "add-numbers", outcome: Outcome = .failed, candidate: UInt8 = 1, cacheKey: UInt8 = 7,
        atMs: Int64 = 1_764_000_000_000, detail: String = "stdout differs from byte 3 on"
    ) -> EvidenceRecord {
        var random = SystemRandomNumberGenerator()
        let reasons = outcome == .passed ? [] : [Reason(.wrongOutput, detail)]
        let usage = Usage(
            wallMs: 12.5, cpuMs: 8.125, cpuMetric: "cpu.stat", memoryPeakBytes: 5 << 20, memoryMetric: "memory.peak",
            processesPeak: 2)
        let stream = EvidenceStream(step: "run", kind: .stdout, bytes: 42, digest: .sample(9), truncated: false)
        let isolation = Isolation(level: .cgroups, degraded: [.landlock]) { ["noNewPrivs": "1", "seccompMode": "2"] }
        return EvidenceRecord(
            id: EvidenceID(milliseconds: atMs, using: &random), recordedAt: UTCTime(milliseconds: atMs),
            fixture: fixture, outcome: outcome, reasons: reasons, assurance: .blackbox,
            digests: EvidenceDigests(
                candidate: .sample(candidate), fixture: .sample(2), policy: .sample(3), plan: .sample(4),
                toolchain: .sample(5), verifier: .sample(6)),
            cacheKey: .sample(cacheKey), kernel: "6.1.0-18-amd64",
            limits: EvidenceLimits(asked: Limits(), readBack: ["memory.max": "268435456"]), usage: usage,
            isolation: isolation, streams: [stream],
            timings: VerificationTimings(compileMs: 0, runMs: 12.5, totalMs: 20.001),
            cases: [EvidenceCase(id: "small", outcome: outcome, reasons: reasons, usage: usage, streams: [stream])])
    }
}

extension HexDigest {
    /// A digest of one repeated byte.
    package static func sample(_ byte: UInt8) -> HexDigest { HexDigest(bytes: [UInt8](repeating: byte, count: 32)) }
}
