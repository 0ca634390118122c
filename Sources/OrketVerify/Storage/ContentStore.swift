import OrketSystem

/// Content-addressed storage: blobs under the SHA-256 of their bytes. A blob is never changed, is there whole or not at
/// all, and is checked again whenever it is read.
///
/// Theory of operation: bytes are written to a private file in `incoming`, hashed on the way, forced to the disk and
/// renamed to `objects/ab/cd/<digest>`. Writers of the same blob replace it by itself. A sweep and a writer meet at
/// `lock`: writers share it while they take a blob into use, the sweep holds it alone while it looks at one blob's age
/// and removes it. So a blob that a writer has just found in place is not swept under it. All calls block.
package struct ContentStore: Sendable {
    let root: Descriptor
    let path: String
    /// Held as long as somebody uses the store: shared, or alone by who removes what others might be about to name.
    private let presence: Descriptor
    /// Whether a blob is on the disk before it is in its place.
    let isDurable: Bool

    /// Opens the store in a directory of this user, or makes one (its parent must exist). Without `isDurable` nothing is
    /// forced to the disk: for what can be made again, since a blob that a power cut tore is found when it is read.
    package init(_ path: String, isDurable: Bool = true) throws(StorageError) {
        try self.init(path, isDurable: isDurable) { file throws(SystemError) in
            try Files.waitForLock(file, alone: false)
        }
    }

    /// The store for whoever removes blobs; `isAlone` is false when others use it now, and may have put what they have not
    /// named yet. While it is alone, others wait for it.
    package static func toPrune(_ path: String) throws(StorageError) -> (store: ContentStore, isAlone: Bool) {
        var isAlone = false
        let store = try ContentStore(path, isDurable: true) { file throws(SystemError) in isAlone = Files.lock(file) }
        return (store, isAlone)
    }

    private init(
        _ path: String, isDurable: Bool, _ enter: (Descriptor) throws(SystemError) -> Void
    ) throws(StorageError) {
        (self.path, self.isDurable) = (path, isDurable)
        root = try StorageError.wrapping { () throws(SystemError) in
            try Files.makeDirectory(path, mode: 0o700)
            return try Files.open(path, directoryOnly: true)
        }
        guard Files.isPrivateDirectory(path, owner: Process.userID), Files.isSameFile(path, root) else {
            throw .unsafeDirectory(path)
        }
        let root = root
        try StorageError.wrapping { () throws(SystemError) in
            for name in ["objects", "incoming", "damaged"] { _ = try Files.ensureDirectory(at: root, name) }
            _ = try Files.openRecord(path + "/lock")
        }
        presence = try StorageError.wrapping { () throws(SystemError) in
            let file = try Files.openRecord(path + "/users")
            try enter(file)
            return file
        }
    }

    /// Stores bytes; their digest.
    @discardableResult
    package func put(_ bytes: [UInt8]) throws(StorageError) -> String {
        let writer = try writer(limit: UInt64(bytes.count))
        try writer.append(bytes)
        return try writer.commit().digest
    }

    /// A writer of one blob of at most `limit` bytes. Nothing of it is seen before `commit`.
    package func writer(limit: UInt64) throws(StorageError) -> ContentWriter {
        try ContentWriter(self, limit: limit)
    }

    /// True when there is a blob of this name; its bytes are looked at only when it is read.
    package func contains(_ digest: String) -> Bool {
        guard let name = try? Self.name(of: digest) else { return false }
        return (try? Files.openStored(at: root, name)) != nil
    }

    /// The bytes with this digest, at most `limit` of them: what is returned is what was hashed. A blob whose bytes have
    /// another digest is set aside in `damaged`, so that the next writer puts a good one in its place.
    package func read(_ digest: String, limit: UInt64) throws(StorageError) -> [UInt8] {
        let name = try Self.name(of: digest)
        let file: Descriptor
        do throws(SystemError) { file = try Files.openStored(at: root, name) } catch {
            throw error.errno == SystemError.ENOENT ? .absent(digest) : .system(error)
        }
        let (stamp, bytes) = try StorageError.wrapping { () throws(SystemError) in
            let stamp = try FileStamp(file)
            guard stamp.kind == .regular, stamp.size <= limit else { return (stamp, [UInt8]()) }
            return (stamp, try Files.read(file, at: 0, count: Int(stamp.size)))
        }
        if stamp.kind == .regular && stamp.size > limit { throw .tooLarge(limit: limit) }
        if stamp.kind == .regular && Digest.hex(of: bytes) == digest { return bytes }
        try StorageError.wrapping { () throws(SystemError) in try setAside(name, file, digest) }
        throw .damaged(digest)
    }

    /// Moves the blob that was read, and no newer one of its name, out of the way.
    private func setAside(_ name: String, _ file: Descriptor, _ digest: String) throws(SystemError) {
        try locked(alone: true) { () throws(SystemError) in
            guard Files.isSameFile(path + "/" + name, file) else { return }
            try Files.move(at: root, name, "damaged/\(digest)")
            // Its grace before a sweep begins now.
            _ = Files.touch(at: root, "damaged/\(digest)")
        }
    }

    /// Runs `work` under the lock between writers and the sweep. Each call opens the file anew, since a lock belongs to
    /// an open file and not to a thread.
    func locked(alone: Bool, _ work: () throws(SystemError) -> Void) throws(SystemError) {
        let lock = try Files.openStored(at: root, "lock")
        try Files.waitForLock(lock, alone: alone)
        try work()
        lock.close()
    }

    /// `objects/ab/cd/<digest>`.
    static func name(of digest: String) throws(StorageError) -> String {
        let isHex = digest.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
        guard digest.utf8.count == 64, isHex else { throw .notADigest(digest) }
        return "objects/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
    }
}
