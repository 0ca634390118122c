import OrketCore
import OrketStore
import OrketSystem
import OrketVerify

/// Removes blobs that no retained record needs. Records are never touched.
struct EvidencePruning {
    let store: EvidenceStore?
    let content: ContentLocation
    let cutoff: UTCTime
    let keepBytes: UInt64?

    /// What went, or would go, and what stays.
    struct Report {
        var removed: (blobs: Int, bytes: UInt64) = (0, 0)
        var kept: (blobs: Int, bytes: UInt64) = (0, 0)
        /// False when others used the store: what was put within a day stays then.
        var isAlone = true
    }

    /// While others use the store, what was put within so many milliseconds stays: longer than any command runs.
    private static let graceMs = Int64(ContentStore.standardGrace) * 1_000
    /// Blobs that are noted in one transaction.
    private static let batch = 500

    /// Removes, or with `isDry` only tells. What is about to go is noted before it goes, so that a record's bytes are never gone
    /// without a word, whenever this process is killed.
    func run(isDry: Bool) async throws -> Report {
        guard Files.exists(content.path) else { return Report() }
        let path = content.path
        let (pool, isAlone) = try await storing { () throws(StorageError) in try ContentStore.toPrune(path) }
        let named = try await store?.needs() ?? (blobs: [:], candidates: [:])
        let (blobs, needs) = try await storing { () throws(StorageError) in
            (try pool.blobs(), Self.needs(named.blobs, named.candidates, pool))
        }
        let plan = RetentionPlan(
            blobs, needs: needs, cutoffMs: cutoff.milliseconds, keepBytes: keepBytes,
            putBeforeMs: isAlone ? nil : UTCTime.now.milliseconds - Self.graceMs)
        var report = Report(isAlone: isAlone)
        for blob in plan.kept { Self.add(blob, to: &report.kept) }
        if isDry {
            for blob in plan.removed { Self.add(blob, to: &report.removed) }
            return report
        }
        var rest = plan.removed[...]
        while !rest.isEmpty {
            let next = Array(rest.prefix(Self.batch))
            rest = rest.dropFirst(Self.batch)
            try await store?.notePruned(
                next.compactMap { blob in
                    // What no record names nobody will ask for.
                    named.blobs[blob.digest].flatMap { _ in HexDigest(blob.digest) }.map { ($0, blob.bytes) }
                }, at: .now)
            let gone = try await storing { () throws(StorageError) in
                var gone: [Bool] = []
                for blob in next { gone.append(try pool.remove(blob)) }
                return gone
            }
            for (blob, isGone) in zip(next, gone) {
                if isGone { Self.add(blob, to: &report.removed) } else { Self.add(blob, to: &report.kept) }
            }
        }
        let kept = Set(plan.kept.map(\.digest))
        // What writers that were killed left, and what was damaged.
        _ = try await storing { () throws(StorageError) in try pool.sweep(keeping: kept) }
        return report
    }

    /// A record needs the streams that it names, and what it judged.
    private static func needs(
        _ blobs: [String: Int64], _ candidates: [String: Int64], _ store: ContentStore
    ) -> [String: Int64] {
        var needs = blobs
        func need(_ digest: String, _ time: Int64) { needs[digest] = max(needs[digest] ?? .min, time) }
        for (candidate, time) in candidates where store.contains(candidate) {
            need(candidate, time)
            for digest in CandidateSnapshot.files(listedIn: candidate, of: store) { need(digest, time) }
        }
        return needs
    }

    private static func add(_ blob: ContentStore.Blob, to sum: inout (blobs: Int, bytes: UInt64)) {
        sum.blobs += 1
        sum.bytes += blob.bytes
    }

    private func storing<Value: Sendable>(
        _ work: @escaping @Sendable () throws(StorageError) -> Value
    ) async throws(EvidenceFailure) -> Value {
        let result = await Blocking.run { Result { () throws(StorageError) in try work() } }
        do throws(StorageError) { return try result.get() } catch { throw EvidenceFailure(error) }
    }
}
