import Crypto
import OrketSystem

/// One blob on its way into the store: hashed while it is written. Without `commit` nothing of it stays; a process that
/// is killed leaves a file in `incoming`, which a sweep removes.
package final class ContentWriter {
    private let store: ContentStore
    private let limit: UInt64
    private let file: Descriptor
    private var temporary: String?
    private var hash = SHA256()
    /// Bytes written so far.
    package private(set) var size: UInt64 = 0

    init(_ store: ContentStore, limit: UInt64) throws(StorageError) {
        let name = "incoming/\(Process.processID)-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
        file = try StorageError.wrapping { () throws(SystemError) in try Files.createNew(at: store.root, name) }
        temporary = name
        self.store = store
        self.limit = limit
    }

    deinit { removeTemporary() }

    /// Adds bytes. More than the limit, or a full disk, is an error after which the writer can only be thrown away.
    package func append(_ bytes: [UInt8]) throws(StorageError) {
        guard UInt64(bytes.count) <= limit - size else { throw .tooLarge(limit: limit) }
        try StorageError.wrapping { () throws(SystemError) in try file.writeAll(bytes) }
        hash.update(data: bytes)
        size += UInt64(bytes.count)
    }

    /// Puts the blob in its place, on the disk and read-only; its digest and size. Called once.
    package func commit() throws(StorageError) -> (digest: String, size: UInt64) {
        let digest = Digest.hex(hash.finalize())
        let name = try ContentStore.name(of: digest)
        try StorageError.wrapping { () throws(SystemError) in if try !isInPlace(name) { try place(name) } }
        return (digest, size)
    }

    /// The file without a name, to be read and thrown away: for what must hold still but need not be kept.
    func detach() -> Descriptor {
        removeTemporary()
        return file
    }

    /// True when the store has the blob already; its age then starts anew. A blob of another size is damaged and replaced.
    private func isInPlace(_ name: String) throws(SystemError) -> Bool {
        var found = false
        try store.locked(alone: false) { () throws(SystemError) in
            guard let present = try? FileStamp(Files.openStored(at: store.root, name)) else { return }
            found = present.kind == .regular && present.size == size && Files.touch(at: store.root, name)
        }
        return found
    }

    private func place(_ name: String) throws(SystemError) {
        guard let temporary else { preconditionFailure("a blob is committed once") }
        try Files.setMode(file, 0o444)
        if store.isDurable { try Files.synchronize(file) }
        // `objects/ab` and `objects/ab/cd`.
        let (first, second) = (String(name.prefix(10)), String(name.prefix(13)))
        if try Files.ensureDirectory(at: store.root, first) { try synchronize("objects") }
        if try Files.ensureDirectory(at: store.root, second) { try synchronize(first) }
        // The time is set under the lock: a slow disk must not make a blob old before it is there.
        try store.locked(alone: false) { () throws(SystemError) in
            _ = Files.touch(at: store.root, temporary)
            try Files.move(at: store.root, temporary, name)
        }
        self.temporary = nil
        try synchronize(second)
    }

    private func synchronize(_ directory: String) throws(SystemError) {
        guard store.isDurable else { return }
        try Files.synchronize(try Files.open(at: store.root.raw, directory, directoryOnly: true))
    }

    private func removeTemporary() {
        if let temporary { try? Files.remove(at: store.root, temporary) }
        temporary = nil
    }
}
