import Glibc
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// A process that changes a candidate for as long as the test imports it.
private final class Meddler {
    private let pid: Int32
    private let output: MemoryFile

    init(_ place: SnapshotPlace, _ code: String) throws {
        output = try MemoryFile(name: "output")
        pid = try SnapshotPlace.start(
            [
                "/usr/bin/env", "-C", place.path, "python3", "-c",
                // It ends by itself when the tests are killed.
                "boss = __import__('os').getppid()\n" + SnapshotPlace.modules + code
                    + "\n    if turns == 1: print('ready', flush=True)\n    if os.getppid() != boss: sys.exit()",
            ],
            output: output)
        while !text.contains("ready") {
            guard Process.reap(pid, wait: false) == nil else { throw ScriptFailure(text: text) }
            Process.pause(milliseconds: 5)
        }
    }

    private var text: String { Files.reread(output.descriptor, capacity: 4 << 10) }

    deinit {
        kill(pid, SIGKILL)
        _ = Process.reap(pid, wait: true)
    }
}

@Suite("A candidate that is changed while it is imported", .serialized)
struct RacingImportTests {
    /// Imports `c` until refusals and successes were seen, at most 80 times.
    private func race(_ place: SnapshotPlace, check: (CandidateSnapshot) throws -> Void) throws {
        var refused = 0
        var taken = 0
        for turn in 0..<80 where turn < 30 || refused == 0 || taken == 0 {
            do {
                try check(try place.importing("c"))
                taken += 1
            } catch SnapshotError.refused(let input) {
                refused += 1
                #expect(input.findings.allSatisfy { $0.message.contains("changed while it was imported") }, "\(input)")
            }
        }
        #expect(refused >= 1 && taken >= 1, "refused \(refused), taken \(taken)")
    }

    @Test("a file that is rewritten in place is refused, or taken as it was at one moment")
    func rewritten() throws {
        let place = try SnapshotPlace()
        try place.shell("mkdir c; printf x > c/a; truncate -s 16M c/big; printf z > c/z")
        let meddler = try Meddler(
            place,
            """
            f = os.open('c/big', os.O_RDWR); turns = 0
            while True:
                for letter in (b'A', b'B'):
                    for part in range(64): os.pwrite(f, letter * (1 << 18), part << 18)
                    time.sleep(random.choice((0.01, 0.05, 0.1, 1.5)))
                turns += 1
            """)
        try race(place) { snapshot in
            let bytes = try #require(try snapshot.inputs(from: place.store).first { $0.path == "big" }).bytes
            let isOne = bytes == [UInt8](repeating: bytes[0], count: 16 << 20)
            #expect(isOne, "a mixture of two states was not noticed")
        }
        withExtendedLifetime(meddler) {}
    }

    @Test("a file that moves between directories is refused, or is in exactly one of them")
    func moved() throws {
        let place = try SnapshotPlace()
        try place.shell("mkdir -p c/a c/m c/z; printf x > c/a/f; cd c/m; seq 1 1500 | xargs mkdir")
        let meddler = try Meddler(
            place,
            """
            turns = 0
            while True:
                os.rename('c/a/f', 'c/z/f'); time.sleep(random.choice((0.01, 0.05, 1.5)))
                os.rename('c/z/f', 'c/a/f'); time.sleep(random.choice((0.01, 0.05, 1.5)))
                turns += 1
            """)
        try race(place) { snapshot in
            let names = snapshot.entries.map(\.name).filter { $0.hasSuffix("/f") }
            #expect(names.count == 1, "\(names)")
        }
        withExtendedLifetime(meddler) {}
    }

    @Test("a directory that is swapped for a link during the walk leads nowhere")
    func swapped() throws {
        let place = try SnapshotPlace()
        let canary = "CANARY-outside-the-candidate"
        try place.shell("mkdir -p c/d outside; printf inside > c/d/f; printf '\(canary)' > outside/f")
        let meddler = try Meddler(
            place,
            """
            os.symlink(os.getcwd() + '/outside', 'link'); turns = 0
            while True:
                os.rename('c/d', 'parked'); os.rename('link', 'c/d'); os.rename('c/d', 'link'); os.rename('parked', 'c/d')
                turns += 1
                if turns % 50 == 0: time.sleep(0.02)
            """)
        // What is refused here may be refused for the link, or for the directory that is missing for a moment.
        var refused = 0
        for _ in 0..<5_000 where refused < 20 { if try !place.findings("c").isEmpty { refused += 1 } }
        withExtendedLifetime(meddler) {}
        #expect(refused >= 1)
        let digest = Digest.hex(of: Array(canary.utf8))
        #expect(!place.store.contains(digest), "bytes from outside were stored")
        #expect(try place.store.put(Array(canary.utf8)) == digest)
    }

    @Test("two processes that import the same directory get the same snapshot")
    func twoImporters() throws {
        let place = try SnapshotPlace()
        try place.python("os.mkdir('c')\nfor i in range(60): open(f'c/{i}', 'wb').write(os.urandom(20000))")
        let output = try MemoryFile(name: "output")
        _ = fcntl(output.descriptor.raw, F_SETFL, O_APPEND)
        let command = [SnapshotPlace.driver, "import", place.path + "/store", place.path + "/c"]
        let pids = try (0..<3).map { _ in try SnapshotPlace.start(command, output: output) }
        for pid in pids { #expect(Process.reap(pid, wait: true) == 0) }
        let lines = Files.reread(output.descriptor, capacity: 1 << 20).split(separator: "\n")
        #expect(lines.count == 3 && Set(lines).count == 1, "\(lines)")
        #expect(try place.importing("c").inputs(from: place.store).count == 60)
    }
}
