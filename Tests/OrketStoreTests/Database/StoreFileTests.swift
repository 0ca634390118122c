import Glibc
import OrketCore
import OrketStore
import OrketStoreSamples
import OrketSystem
import Testing

@Suite("A file that cannot be used is an error with file, reason and repair, and stays as it is")
struct StoreFileTests {
    private let place: StorePlace

    init() throws { place = StorePlace() }

    private func fill(_ count: Int = 40) async throws {
        let store = try await place.open()
        for _ in 0..<count { try await store.append(.sample()) }
    }

    /// Brings everything into the one file.
    private func settle() async throws {
        try await HostCommand.python(place.path, "c.execute('PRAGMA wal_checkpoint(TRUNCATE)')")
    }

    private func expectFailure(_ code: StoreError.Code, _ reason: String, busyTimeout: Double = 20) async {
        let error = await place.failure(busyTimeout: busyTimeout)
        #expect(error?.code == code && error?.file == place.path, "\(error?.description ?? "opened")")
        #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
        #expect(error?.repair.isEmpty == false)
    }

    @Test(
        "something else than a store", arguments: ["not a database at all, and long enough to be one".utf8, "x".utf8])
    func garbage(_ text: String.UTF8View) async throws {
        let bytes = Array(text)
        try Files.create(place.path, bytes)
        await expectFailure(.foreign, "is ")
        #expect(try Files.read(place.path) == bytes)
        #expect(place.names == ["evidence.sqlite"])
    }

    @Test("a database of another program")
    func foreign() async throws {
        try await HostCommand.python(place.path, "c.execute('CREATE TABLE t (x)')")
        await expectFailure(.foreign, "another program")
        #expect(
            try await HostCommand.python(place.path, "print(c.execute('PRAGMA journal_mode').fetchone())")
                == "('delete',)\n")
    }

    @Test("a link or a directory in the file's place")
    func notRegular() async throws {
        #expect(symlink("/dev/null", place.path) == 0)
        await expectFailure(.foreign, "no regular file")
        Files.remove(place.path)
        try Files.makeDirectory(place.path)
        await expectFailure(.foreign, "no regular file")
    }

    @Test("a file that was cut off, at whatever place", arguments: [0, 10, 100, 4_096, 8_192, 30_000])
    func truncated(_ length: Int) async throws {
        try await fill()
        try await settle()
        #expect(truncate(place.path, length) == 0)
        let opened = await place.failure()
        if let opened {
            #expect([.corrupted, .foreign].contains(opened.code), "\(opened)")
            #expect(opened.file == place.path)
        } else {
            // What is cut off behind the first pages shows when it is read.
            #expect(try await place.open().verifyChain().fault != nil)
        }
        #expect(length > 100 || opened != nil)
    }

    @Test("a file that is gone while its -wal is there")
    func orphanedLog() async throws {
        let driver = try HostCommand([HostCommand.driver, "append", place.path, "0"])
        #expect(await eventually { driver.written.contains("appended") })
        driver.kill()
        _ = await driver.finished()
        Files.remove(place.path)
        await expectFailure(.corrupted, "-wal file is still there")
        #expect(!place.names.contains("evidence.sqlite"))
    }

    @Test("a file of a later version")
    func newer() async throws {
        try await fill(1)
        try await HostCommand.python(place.path, "c.execute('PRAGMA user_version = 999')")
        await expectFailure(.newer, "schema 999")
    }

    @Test("a file or a directory that this user may not write", .enabled(if: Process.userID == 0))
    func readOnly() async throws {
        try await fill(1)
        try await settle()
        #expect(chmod(place.directory, 0o755) == 0 && chmod(place.path, 0o644) == 0)
        let stranger = ["/usr/bin/setpriv", "--reuid", "4242", "--regid", "4242", "--clear-groups", HostCommand.driver]
        let file = try await HostCommand.run(stranger + ["append", place.path, "1"])
        #expect(
            file.status == 3 << 8 && file.text.hasPrefix("error read_only \(place.path): the file: "), "\(file.text)")
        #expect(chmod(place.path, 0o666) == 0)
        let directory = try await HostCommand.run(stranger + ["append", place.path, "1"])
        #expect(directory.text.hasPrefix("error read_only \(place.path): its directory "), "\(directory.text)")
        #expect(chmod(place.directory, 0o700) == 0)
        let hidden = try await HostCommand.run(stranger + ["append", place.path, "1"])
        #expect(hidden.text.hasPrefix("error unreachable \(place.path): "), "\(hidden.text)")
        #expect(chmod(place.directory, 0o755) == 0)
        Files.remove(place.path)
        let absent = try await HostCommand.run(stranger + ["append", place.path, "1"])
        #expect(absent.text.hasPrefix("error read_only \(place.path): "), "\(absent.text)")
        #expect(place.names.filter { !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.isEmpty)
    }

    @Test("a read-only file system", .enabled(if: Process.userID == 0))
    func readOnlyFileSystem() async throws {
        try await fill(1)
        try await settle()
        let end = try await HostCommand.run(
            Self.mounted("mount --bind $0 $0; mount -o remount,bind,ro $0", place)
                + [HostCommand.driver, "append", place.path, "1"])
        #expect(end.status == 3 << 8 && end.text.hasPrefix("error read_only \(place.path): the file: "), "\(end.text)")
    }

    @Test("a file that another process holds, and one that it holds for writing only")
    func locked() async throws {
        try await fill(1)
        try await settle()
        let whole = try HostCommand.start(
            python: place.path,
            "c.execute('PRAGMA locking_mode = EXCLUSIVE'); c.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(600)"
        )
        #expect(await eventually { whole.written.contains("held") })
        await expectFailure(.locked, "locked by another process", busyTimeout: 0.1)
        whole.kill()
        _ = await whole.finished()
        let store = try await place.open(busyTimeout: 0.1)
        let writer = try HostCommand.start(
            python: place.path, "c.execute('BEGIN IMMEDIATE'); print('held', flush=True); time.sleep(600)")
        #expect(await eventually { writer.written.contains("held") })
        let error = await #expect(throws: StoreError.self) { try await store.append(.sample()) }
        #expect(error?.code == .locked)
        #expect(try await store.count() == 1, "reading goes on")
        writer.kill()
        _ = await writer.finished()
        #expect(try await store.append(.sample()).sequence == 2)
    }

    /// A shell that changes its mounts, and nobody else's, and becomes its arguments. `$0` is the store's directory.
    private static func mounted(_ commands: String, _ place: StorePlace) -> [String] {
        [
            "/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", commands + "\nexec \"$@\"",
            place.directory,
        ]
    }

    @Test("a full disk: what was acknowledged stays, and with room it goes on", .enabled(if: Process.userID == 0))
    func fullDisk() async throws {
        let script = """
            mount -t tmpfs -o size=3m none $0
            head -c 1500000 /dev/zero > $0/ballast
            "$1" append $0/evidence.sqlite 0 && exit 9
            rm $0/ballast
            "$1" verify $0/evidence.sqlite
            "$1" append $0/evidence.sqlite 1
            """
        let end = try await HostCommand.run(
            Self.mounted(script, place) + [HostCommand.driver, "verify", place.path])
        // The shell's last command is the driver itself, with these arguments.
        let lines = end.lines
        let acknowledged = lines.filter { $0.hasPrefix("appended ") }.count
        let full = try #require(lines.firstIndex { $0.hasPrefix("error ") }, "\(end.text)")
        #expect(lines[full].hasPrefix("error full \(place.path): there is no room on its disk"), "\(lines[full])")
        #expect(acknowledged > 10)
        #expect(lines[full + 1].hasPrefix("intact \(acknowledged - 1) "), "\(lines[full + 1])")
        #expect(lines.last?.hasPrefix("intact \(acknowledged) ") == true, "\(end.text)")
    }

    @Test("a store on a disk that is full to the last block", .enabled(if: Process.userID == 0))
    func fullToTheLastBlock() async throws {
        let script = """
            mount -t tmpfs -o size=3m none $0
            "$1" append $0/evidence.sqlite 3
            cat /dev/zero > $0/ballast 2>/dev/null || true
            "$1" append $0/evidence.sqlite 1 || true
            rm $0/ballast
            """
        let end = try await HostCommand.run(
            Self.mounted(script, place) + [HostCommand.driver, "verify", place.path])
        #expect(end.lines.count == 5 && end.lines[3].hasPrefix("error full \(place.path): "), "\(end.text)")
        #expect(end.lines.last?.hasPrefix("intact 3 ") == true)
    }

    @Test("a disk too full for a new store leaves nothing behind", .enabled(if: Process.userID == 0))
    func noRoomAtBirth() async throws {
        let script = """
            mount -t tmpfs -o size=40k none $0
            "$1" append $0/evidence.sqlite 0 || ls -A $0 | wc -l
            exit 0
            """
        let end = try await HostCommand.run(Self.mounted(script, place) + [HostCommand.driver])
        #expect(end.lines.first?.hasPrefix("error full \(place.path): ") == true, "\(end.text)")
        #expect(end.lines.last == "0", "\(end.text)")
    }

    @Test("a file that was restored in another journal mode is durable again")
    func journalMode() async throws {
        try await fill(1)
        try await HostCommand.python(place.path, "c.execute('PRAGMA journal_mode = DELETE')")
        #expect(try await place.open().append(.sample()).sequence == 2)
        #expect(
            try await HostCommand.python(place.path, "print(c.execute('PRAGMA journal_mode').fetchone())")
                == "('wal',)\n")
    }
}
