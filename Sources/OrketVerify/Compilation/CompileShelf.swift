package import OrketCore
import OrketSystem

/// Results of compilations on the disk: `keys/KEY` names the blob that lists a result, and the blobs beside hold its bytes.
/// Everything is checked against its digest when it is taken; what does not hold is thrown away, and is compiled anew. All
/// calls block.
package struct CompileShelf: Sendable {
    private let store: ContentStore
    private let directory: Descriptor
    private let path: String
    private let maximumBytes: UInt64

    /// Bytes of the blob that lists one result.
    private static let listBytes: UInt64 = 4 << 20
    private static let maximumEntries = 10_000

    /// Opens the shelf in a directory of this user, or makes one (its parent must exist). `maximumBytes` bounds what `trim`
    /// leaves.
    package init(_ path: String, maximumBytes: UInt64 = 1 << 30) throws(StorageError) {
        // A power cut may tear what was not forced to the disk; that is found like any other damage.
        store = try ContentStore(path, isDurable: false)
        (self.path, self.maximumBytes) = (path, maximumBytes)
        directory = try StorageError.wrapping { () throws(SystemError) in
            try Files.makeDirectory(path + "/keys")
            _ = try Files.openRecord(path + "/keys.lock")
            return try Files.open(path + "/keys", directoryOnly: true)
        }
    }

    /// The result that was kept under `key`, whole and as it was; nil when there is none.
    package func take(_ key: String) -> RunResult? {
        guard let entry = entry(key) else { return nil }
        do throws(StorageError) {
            let list = try store.read(entry.list, limit: Self.listBytes)
            guard let kept = CompiledResult(list), kept.key == key else { throw .damaged(entry.list) }
            var result = kept.result
            for file in kept.files {
                let bytes = try store.read(file.digest, limit: file.size)
                result.outputs.append(CollectedFile(path: file.path, bytes: bytes, executable: file.isExecutable))
            }
            _ = Files.touch(at: directory, key)
            return result
        } catch {
            try? Files.remove(at: directory, key)
            return nil
        }
    }

    /// Keeps a result; why it could not be kept, nil when it was, or is too large to be worth it.
    package func put(_ result: RunResult, _ key: String) -> StorageError? {
        let bytes = result.outputs.reduce(UInt64(0)) { $0 + UInt64($1.bytes.count) }
        guard bytes <= maximumBytes / 4 else { return nil }
        do throws(StorageError) {
            // No trim may remove a blob between its write and that of the key that needs it.
            let lock = try lock(alone: false)
            defer { lock.close() }
            for file in result.outputs { try store.put(file.bytes) }
            let list = CompiledResult(result, key: key).bytes
            guard UInt64(list.count) <= Self.listBytes else { return nil }
            let digest = try store.put(list)
            let name = ".\(Process.processID)-\(String(UInt64.random(in: 0 ... .max), radix: 16))"
            try StorageError.wrapping { () throws(SystemError) in
                let file = try Files.createNew(at: directory, name)
                try file.writeAll(Array("\(digest) \(bytes + UInt64(list.count))\n".utf8))
                try Files.move(at: directory, name, key)
            }
            return nil
        } catch {
            return error
        }
    }

    /// Throws away what was not used for the longest time until the rest is within the bound, and then what no key needs.
    package func trim() -> StorageError? {
        do throws(StorageError) {
            let lock = try lock(alone: true)
            defer { lock.close() }
            let names = try StorageError.wrapping { () throws(SystemError) in try Files.names(in: path + "/keys") }
            var (bytes, count, keep, removed) = (UInt64(0), 0, Set<String>(), 0)
            for (key, entry) in names.map({ ($0, entry($0)) }).sorted(by: { $0.1?.usedAt ?? 0 > $1.1?.usedAt ?? 0 }) {
                if let entry, bytes + entry.bytes <= maximumBytes, count < Self.maximumEntries,
                    let list = try? store.read(entry.list, limit: Self.listBytes), let kept = CompiledResult(list)
                {
                    (bytes, count) = (bytes + entry.bytes, count + 1)
                    keep.formUnion([entry.list] + kept.files.map(\.digest))
                } else {
                    try? Files.remove(at: directory, key)
                    removed += 1
                }
            }
            if removed > 0 { _ = try store.sweep(keeping: keep, graceSeconds: 0) }
            return nil
        } catch {
            return error
        }
    }

    private struct Entry {
        var list: String
        var bytes: UInt64
        /// Nanoseconds since 1970.
        var usedAt: Int64
    }

    /// What stands under a key; nil when nothing does, or nothing that this program wrote.
    private func entry(_ key: String) -> Entry? {
        guard (try? ContentStore.name(of: key)) != nil, let file = try? Files.openStored(at: directory, key),
            let stamp = try? FileStamp(file), stamp.kind == .regular, stamp.size <= 100,
            let text = try? Files.read(file, at: 0, count: Int(stamp.size))
        else { return nil }
        let words = String(decoding: text, as: UTF8.self).split(separator: "\n")[...].first?.split(separator: " ") ?? []
        guard words.count == 2, let bytes = UInt64(words[1]) else { return nil }
        return Entry(list: String(words[0]), bytes: bytes, usedAt: stamp.modified)
    }

    private func lock(alone: Bool) throws(StorageError) -> Descriptor {
        try StorageError.wrapping { () throws(SystemError) in
            let lock = try Files.openRecord(path + "/keys.lock")
            try Files.waitForLock(lock, alone: alone)
            return lock
        }
    }
}
