import OrketSystem

extension ContentStore {
    /// A blob as the directory has it.
    package struct Blob: Sendable, Hashable {
        package var digest: String
        package var bytes: UInt64
        /// When it was put last, milliseconds since 1970 on the clock of the file system.
        package var putAtMs: Int64

        /// A blob of this name.
        package init(digest: String, bytes: UInt64, putAtMs: Int64) {
            (self.digest, self.bytes, self.putAtMs) = (digest, bytes, putAtMs)
        }
    }

    /// All blobs, in no order.
    package func blobs() throws(StorageError) -> [Blob] {
        var blobs: [Blob] = []
        for directory in try blobDirectories() {
            for name in try names(in: directory) {
                // One that goes meanwhile is none.
                guard let stamp = try? FileStamp(Files.openStored(at: root, "\(directory)/\(name)")) else { continue }
                blobs.append(Blob(digest: name, bytes: stamp.size, putAtMs: stamp.modified / 1_000_000))
            }
        }
        return blobs
    }

    /// Removes a blob unless somebody has put it since it was looked at; true when it is gone.
    package func remove(_ blob: Blob) throws(StorageError) -> Bool {
        let name = try Self.name(of: blob.digest)
        var isGone = false
        try StorageError.wrapping { () throws(SystemError) in
            try locked(alone: true) { () throws(SystemError) in
                guard let stamp = try? FileStamp(Files.openStored(at: root, name)) else { return isGone = true }
                guard stamp.modified / 1_000_000 == blob.putAtMs else { return }
                try Files.remove(at: root, name)
                isGone = true
            }
        }
        return isGone
    }
}
