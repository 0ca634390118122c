import Glibc
import OrketSystem
import OrketVerify
import Testing

@Suite("Content store", .serialized)
struct ContentStoreTests {
    private let hello = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"

    private func file(_ digest: String) -> String {
        "store/objects/\(digest.prefix(2))/\(digest.dropFirst(2).prefix(2))/\(digest)"
    }

    @Test("a blob is there under its SHA-256, read-only, and is read back")
    func roundTrip() throws {
        let place = try SnapshotPlace()
        #expect(try place.store.put(Array("hello".utf8)) == hello)
        #expect(place.store.contains(hello))
        #expect(try place.store.read(hello, limit: 5) == Array("hello".utf8))
        #expect(
            try place.shell("stat -c '%a %s' \(file(hello)); sha256sum < \(file(hello))").contains("444 5\n\(hello)"))
        #expect(try place.shell("ls store/incoming") == "")
        #expect(throws: StorageError.tooLarge(limit: 4)) { try place.store.read(hello, limit: 4) }
        let absent = String(repeating: "0", count: 64)
        #expect(throws: StorageError.absent(absent)) { try place.store.read(absent, limit: 5) }
    }

    @Test(
        "text that is no digest names no file", arguments: ["", "../../etc/passwd", String(repeating: "G", count: 64)])
    func refusesNames(_ name: String) throws {
        let place = try SnapshotPlace()
        #expect(throws: StorageError.notADigest(name)) { try place.store.read(name, limit: 5) }
        #expect(!place.store.contains(name))
    }

    @Test("a blob whose bytes have changed is named, set aside, and replaced by the next writer")
    func corruption() throws {
        let place = try SnapshotPlace()
        try place.store.put(Array("hello".utf8))
        try place.shell("chmod 644 \(file(hello)); printf jello > \(file(hello))")
        #expect(throws: StorageError.damaged(hello)) {
            try place.store.read(hello, limit: 5)
        }
        #expect(try place.shell("cat store/damaged/\(hello)") == "jello")
        #expect(!place.store.contains(hello))
        try place.store.put(Array("hello".utf8))
        #expect(try place.store.read(hello, limit: 5) == Array("hello".utf8))
    }

    @Test("a truncated blob is replaced by the next writer, and a link in its place is not followed")
    func replaced() throws {
        let place = try SnapshotPlace()
        try place.store.put(Array("hello".utf8))
        try place.shell("chmod 644 \(file(hello)); truncate -s 2 \(file(hello))")
        try place.store.put(Array("hello".utf8))
        #expect(try place.store.read(hello, limit: 5) == Array("hello".utf8))
        try place.shell("printf hello > elsewhere; ln -sf ../../../../elsewhere \(file(hello))")
        #expect(throws: StorageError.self) { try place.store.read(hello, limit: 5) }
        #expect(!place.store.contains(hello))
    }

    @Test("a writer takes no more than its limit, and leaves nothing without commit")
    func bounds() throws {
        let place = try SnapshotPlace()
        do {
            let writer = try place.store.writer(limit: 8)
            try writer.append([1, 2, 3, 4])
            #expect(throws: StorageError.tooLarge(limit: 8)) { try writer.append([5, 6, 7, 8, 9]) }
            #expect(try place.shell("ls store/incoming | wc -l") == "1\n")
        }
        #expect(try place.shell("ls store/incoming; find store/objects -type f") == "")
    }

    @Test("a directory that others can write, or a link to one, is refused")
    func unsafeDirectory() throws {
        let place = try SnapshotPlace()
        try place.shell("mkdir -m 777 open; ln -s store link; touch file")
        for name in ["open", "link"] {
            let path = place.path + "/" + name
            #expect(throws: StorageError.unsafeDirectory(path)) { try ContentStore(path) }
        }
        #expect(throws: StorageError.self) { try ContentStore(place.path + "/file") }
    }

    @Test("two processes that write the same blobs at once both have them")
    func twoWriters() throws {
        let place = try SnapshotPlace()
        try place.python("open('big', 'wb').write(bytes(range(256)) * 8192)")
        let output = try MemoryFile(name: "output")
        _ = fcntl(output.descriptor.raw, F_SETFL, O_APPEND)
        let command = [SnapshotPlace.driver, "put", place.path + "/store", place.path + "/big", "40"]
        // Meanwhile the blob is removed again and again, so that each of them often writes it anew.
        let pids = try (0..<2).map { _ in try SnapshotPlace.start(command, output: output) }
        for _ in 0..<20 { try place.shell("find store/objects -type f -delete") }
        for pid in pids { #expect(Process.reap(pid, wait: true) == 0) }
        let lines = Set(Files.reread(output.descriptor, capacity: 1 << 20).split(separator: "\n"))
        let digest = try #require(lines.first).dropFirst("blob ".count)
        #expect(lines.count == 1)
        #expect(try place.shell("sha256sum < big").hasPrefix(digest))
        try place.store.put(Array((0..<8192).flatMap { _ in (0...255).map(UInt8.init) }))
        #expect(try place.store.read(String(digest), limit: 2 << 20).count == 2 << 20)
        #expect(try place.shell("ls store/incoming") == "")
    }

    @Test("a sweep removes what is old and not kept, and nothing that was put within the grace")
    func sweep() throws {
        let place = try SnapshotPlace()
        let digests = try ["old", "kept", "again", "young"].map { try place.store.put(Array($0.utf8)) }
        try place.shell("touch store/incoming/dead store/damaged/bad")
        for name in digests.dropLast().map(file) + ["store/incoming/dead", "store/damaged/bad"] {
            try place.shell("touch -d '2 hours ago' \(name)")
        }
        // Who puts what is there already relies on it from now on.
        try place.store.put(Array("again".utf8))
        let swept = try place.store.sweep(keeping: [digests[1]], graceSeconds: 3_600)
        #expect(swept.removed == 3 && swept.removedBytes == 3 && swept.kept == 3, "\(swept)")
        #expect(digests.map(place.store.contains) == [false, true, true, true])
        #expect(try place.shell("ls store/incoming store/damaged | grep -c '[a-z]$' || :") == "0\n")
    }

    @Test("what a process has just put is there when it reads it, however old it was and whoever sweeps meanwhile")
    func sweepRace() throws {
        let place = try SnapshotPlace()
        try place.shell("printf hello > small")
        let output = try MemoryFile(name: "output")
        let pid = try SnapshotPlace.start(
            [SnapshotPlace.driver, "keep", place.path + "/store", place.path + "/small", "6000"], output: output)
        var removed = 0
        var status: Int32?
        while status == nil {
            for _ in 0..<20 { removed += try place.store.sweep(keeping: [], graceSeconds: 3_600).removed }
            status = Process.reap(pid, wait: false)
        }
        #expect(status == 0)
        #expect(Files.reread(output.descriptor, capacity: 1 << 10) == "blob \(hello)\n")
        #expect(removed >= 1, "the sweep never met the writer")
    }

    @Test("a writer that is killed leaves whole blobs, and a remainder that a sweep removes")
    func killedWriter() throws {
        let place = try SnapshotPlace()
        try place.python("open('big', 'wb').write(os.urandom(4 << 20))")
        for moment in 0..<12 {
            let pid = try SnapshotPlace.start(
                [SnapshotPlace.driver, "put", place.path + "/store", place.path + "/big", "1000000"],
                output: try MemoryFile(name: "output"))
            // Each time it writes the blob anew, for as long as it lives.
            for _ in 0...moment { try place.shell("find store/objects -type f -delete") }
            kill(pid, SIGKILL)
            #expect(Process.reap(pid, wait: true) == SIGKILL)
            let check =
                "find store/objects -type f -exec sh -c 'sha256sum < $0 | grep -q ${0##*/}' {} \\; -print | wc -l"
            let count = try place.shell("find store/objects -type f | wc -l")
            #expect(try place.shell(check) == count)
        }
        try place.shell("touch store/incoming/one; find store/incoming -type f -exec touch -d '2 days ago' {} +")
        #expect(try place.store.sweep(keeping: []).removed >= 1)
        #expect(try place.shell("ls store/incoming") == "")
    }

    @Test("on a full disk nothing half-written is left", .enabled(if: Process.userID == 0))
    func fullDisk() throws {
        let place = try SnapshotPlace()
        try place.python("open('big', 'wb').write(os.urandom(3 << 20)); open('small', 'w').write('hello')")
        let script = """
            mkdir "$1/full"; mount -t tmpfs -o size=1m,mode=700 none "$1/full"
            "$2" put "$1/full" "$1/big" 1 || echo "status $?"
            find "$1/full" -type f -size +0
            "$2" put "$1/full" "$1/small" 1
            """
        let end = try SnapshotPlace.run([
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", script, "sh", place.path,
            SnapshotPlace.driver,
        ])
        let lines = end.text.split(separator: "\n")
        #expect(lines.count == 3, "\(end.text)")
        #expect(lines.first?.hasPrefix("storage content store: write: No space left on device") == true, "\(end.text)")
        #expect(lines.dropFirst() == ["status 3", "blob \(hello)"], "\(end.text)")
        #expect(end.status == 0)
    }
}
