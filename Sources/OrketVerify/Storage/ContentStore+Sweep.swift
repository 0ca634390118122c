import OrketSystem

extension ContentStore {
    /// What a sweep did.
    package struct Swept: Sendable, Hashable {
        package var removed = 0
        package var removedBytes: UInt64 = 0
        package var kept = 0
    }

    /// Grace that fits an import and a verification, seconds.
    package static let standardGrace: UInt64 = 24 * 3_600

    /// Removes each blob, each abandoned write and each damaged blob that is not in `keep` and was put more than
    /// `graceSeconds` ago, as the clock of the file system has it. Whoever puts a blob that is there already makes it
    /// young again, so what one process has just imported is safe from another one's sweep.
    package func sweep(keeping keep: Set<String>, graceSeconds: UInt64 = standardGrace) throws(StorageError) -> Swept {
        var swept = Swept()
        for directory in try ["incoming", "damaged"] + blobDirectories() {
            for name in try names(in: directory) {
                // Digests name blobs in `objects` only; a damaged one is of no use to anybody.
                if directory.hasPrefix("objects/") && keep.contains(name) {
                    swept.kept += 1
                } else {
                    let size = try StorageError.wrapping { () throws(SystemError) in
                        try remove("\(directory)/\(name)", graceSeconds)
                    }
                    if size == nil { swept.kept += 1 } else { swept.removed += 1 }
                    swept.removedBytes += size ?? 0
                }
            }
        }
        return swept
    }

    /// The size of what was removed, nil for what is too young.
    private func remove(_ name: String, _ graceSeconds: UInt64) throws(SystemError) -> UInt64? {
        var removed: UInt64?
        try locked(alone: true) { () throws(SystemError) in
            // The lock file is stamped by the clock that stamps the blobs.
            guard Files.touch(at: root, "lock"), let stamp = try? FileStamp(Files.openStored(at: root, name)) else {
                return
            }
            let age = try FileStamp(Files.openStored(at: root, "lock")).modified - stamp.modified
            guard age > 0, UInt64(age) / 1_000_000_000 > graceSeconds else { return }
            try Files.remove(at: root, name)
            removed = stamp.size
        }
        return removed
    }

    func blobDirectories() throws(StorageError) -> [String] {
        var directories: [String] = []
        for first in try names(in: "objects") {
            for second in try names(in: "objects/\(first)") { directories.append("objects/\(first)/\(second)") }
        }
        return directories
    }

    func names(in directory: String) throws(StorageError) -> [String] {
        try StorageError.wrapping { () throws(SystemError) in try Files.names(in: path + "/" + directory) }
    }
}
