package import OrketVerify

/// Which blobs go. Pure.
package struct RetentionPlan: Sendable {
    /// The oldest first.
    package var removed: [ContentStore.Blob] = []
    package var kept: [ContentStore.Blob] = []

    /// Blobs of which the newest record that needs them, or the last write where none does, is older than `cutoffMs`; of these
    /// the oldest until `keepBytes` are left, or all. None is removed that was put since `putBeforeMs`, where that is said:
    /// whoever put it may not have named it yet. Times are milliseconds since 1970.
    package init(
        _ blobs: [ContentStore.Blob], needs: [String: Int64], cutoffMs: Int64, keepBytes: UInt64?, putBeforeMs: Int64?
    ) {
        func age(_ blob: ContentStore.Blob) -> Int64 { needs[blob.digest] ?? blob.putAtMs }
        var left = blobs.reduce(UInt64(0)) { $0 + $1.bytes }
        let oldestFirst = blobs.sorted { (age($0), $0.digest) < (age($1), $1.digest) }
        for blob in oldestFirst {
            let isOld = age(blob) < cutoffMs && blob.putAtMs < putBeforeMs ?? .max
            if isOld, keepBytes.map({ left > $0 }) ?? true {
                removed.append(blob)
                left -= blob.bytes
            } else {
                kept.append(blob)
            }
        }
    }
}
