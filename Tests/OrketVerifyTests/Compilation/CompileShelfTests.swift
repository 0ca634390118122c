import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Testing

@Suite("Results of compilations on the disk", .serialized)
struct CompileShelfTests {
    private let place: SnapshotPlace
    private var path: String { place.path + "/compiled" }

    init() throws { place = try SnapshotPlace() }

    private func key(_ text: String) -> String { Digest.hex(of: Array(text.utf8)) }

    private func result(_ byte: UInt8, count: Int = 1_000) -> RunResult {
        var result = RunResult(outcome: .passed, reasons: [], exit: .exited(0), limits: Limits())
        result.outputs = [
            CollectedFile(path: "main", bytes: Array(repeating: byte, count: count), executable: true),
            CollectedFile(path: "lib/\u{fc}", bytes: [], executable: false),
        ]
        result.isolation = Isolation(level: .cgroups, degraded: [.landlock]) { ["noNewPrivs": "1"] }
        result.planDigest = key("plan")
        result.stderr.head = [0xff, 10]
        result.stderr.byteCount = 2
        return result
    }

    @Test("what was kept comes back whole: files, streams, plan and what was read back")
    func roundTrip() throws {
        let shelf = try CompileShelf(path)
        #expect(shelf.take(key("a")) == nil)
        #expect(shelf.put(result(1), key("a")) == nil)
        let kept = try #require(try CompileShelf(path).take(key("a")))
        #expect(kept.outputs.map(\.path) == ["main", "lib/\u{fc}"])
        #expect(kept.outputs.map(\.bytes) == [Array(repeating: 1, count: 1_000), []])
        #expect(kept.outputs.map(\.executable) == [true, false])
        #expect(kept.outcome == .passed && kept.exit == .exited(0) && kept.planDigest == key("plan"))
        #expect(kept.isolation.level == .cgroups && kept.isolation.degraded == [.landlock])
        #expect(kept.isolation.mechanisms == ["noNewPrivs": "1"])
        #expect(kept.stderr.bytes == [0xff, 10] && kept.stderr.byteCount == 2)
        #expect(kept.usage == Usage())
    }

    /// Ways to damage what was kept, as scripts; `M` is the blob of 1,000 bytes, `L` the list, `K` the file of the key.
    static let damages = [
        "chmod 644 $M; printf x | dd of=$M conv=notrunc status=none", "chmod 644 $M; truncate -s 10 $M", "rm $M",
        "chmod 644 $L; sed -i 's/main/niam/' $L", "rm $L", ": > $K", "printf 'no digest 3\\n' > $K",
        "printf '%s 9\\n' $(basename $M) > $K", "rm $K; ln -s /etc/passwd $K", "rm $K; mkdir $K",
    ]

    @Test("what does not hold is not taken, and can be kept anew", arguments: damages)
    func damaged(_ damage: String) throws {
        let shelf = try CompileShelf(path)
        #expect(shelf.put(result(1), key("a")) == nil)
        try place.shell(
            "cd compiled; K=keys/\(key("a")); M=$(find objects -size 1000c); L=objects/*/*/$(cut -d' ' -f1 $K)\n"
                + damage)
        #expect(shelf.take(key("a")) == nil)
        let failure = shelf.put(result(1), key("a"))
        if damage.hasSuffix("mkdir $K") {
            #expect(failure != nil, "a directory is nothing that this program made")
        } else {
            #expect(failure == nil)
            #expect(shelf.take(key("a"))?.outputs.first?.bytes == Array(repeating: 1, count: 1_000))
        }
    }

    @Test("the result of another key is not taken for this one")
    func swapped() throws {
        let shelf = try CompileShelf(path)
        #expect(shelf.put(result(1), key("a")) == nil)
        try place.shell("cp compiled/keys/\(key("a")) compiled/keys/\(key("b"))")
        #expect(shelf.take(key("b")) == nil)
        #expect(shelf.take(key("a")) != nil)
    }

    @Test("what was not used for the longest time goes first, with every blob that nothing else needs")
    func bounds() throws {
        // Each list has some hundred bytes: three results of 1,000 fit, four do not.
        let shelf = try CompileShelf(path, maximumBytes: 6_000)
        for name in ["a", "b", "c"] { #expect(shelf.put(result(name.utf8.first!), key(name)) == nil) }
        try place.shell(
            "touch -d '3 days ago' compiled/keys/\(key("b")); touch -d '2 days ago' compiled/keys/\(key("a"))")
        #expect(shelf.take(key("b")) != nil, "used: now it is the youngest")
        #expect(shelf.put(result(9), key("d")) == nil)
        try place.shell("find compiled/objects -type f -exec touch -d '1 day ago' {} +")
        #expect(shelf.trim() == nil)
        #expect(["a", "b", "c", "d"].map { shelf.take(key($0)) != nil } == [false, true, true, true])
        // Three lists, three files, and the empty one.
        #expect(try place.shell("find compiled/objects -type f | wc -l").hasPrefix("7"))
        #expect(shelf.put(result(1, count: 2_000), key("large")) == nil)
        #expect(shelf.take(key("large")) == nil, "more than a quarter is not worth it")
    }

    @Test("kill -9 while results are kept and trimmed leaves each whole or not at all")
    func killed() throws {
        for moment in 0..<8 {
            let output = try MemoryFile(name: "output")
            let pid = try SnapshotPlace.start([SnapshotPlace.driver, "shelf", path, "100000"], output: output)
            // Not before it keeps something, and each time a little later.
            while Files.reread(output.descriptor, capacity: 4 << 20).split(separator: "\n").count <= moment * 3 {
                usleep(1_000)
            }
            kill(pid, SIGKILL)
            #expect(Process.reap(pid, wait: true) == SIGKILL)
            let lines = Files.reread(output.descriptor, capacity: 4 << 20).split(separator: "\n")
            let shelf = try CompileShelf(path)
            for line in lines where line.hasPrefix("kept ") && line.utf8.count == 69 {
                let kept = shelf.take(String(line.dropFirst(5)))
                #expect(kept?.outputs.map(\.bytes.count) == [65_536, 65_536, 65_536, 65_536], "\(line)")
            }
            #expect(shelf.trim() == nil)
        }
        #expect(try place.shell("ls compiled/damaged") == "")
    }

    @Test("on a full disk nothing is kept by halves, and with room it goes on", .enabled(if: Process.userID == 0))
    func fullDisk() throws {
        let script = """
            mkdir "$1/full"; mount -t tmpfs -o size=600k,mode=700 none "$1/full"
            "$2" shelf "$1/full" 9 || echo "status $?"
            find "$1/full/keys" "$1/full/incoming" -type f ! -name '[0-9a-f]*' | wc -l
            mount -o remount,size=20m "$1/full"
            "$2" shelf "$1/full" 9 | tail -1
            """
        let end = try SnapshotPlace.run([
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", script, "sh", place.path,
            SnapshotPlace.driver,
        ])
        let lines = end.text.split(separator: "\n")
        #expect(lines.contains { $0.contains("No space left on device") }, "\(end.text)")
        #expect(lines.suffix(3) == ["status 3", "0", "kept \(key("8"))"], "\(end.text)")
    }
}
