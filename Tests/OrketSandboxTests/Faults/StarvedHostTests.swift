import Glibc
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketSandbox

/// A cgroup around a supervisor, as a container or a service manager makes one.
private struct SurroundingCgroup {
    let path: String

    init(controller: String) async throws {
        // A supervisor of this process may have stepped aside on v2; where it works, controllers are handed down.
        _ = try await TestSupervisor.shared.supervisor()
        let layout = try #require(CgroupLayout.ofThisProcess())
        let own = try #require(layout.directories[layout.version == .v2 ? "unified" : controller])
        path = "\(own)/orket-test-\(Process.processID)-\(controller)"
        try Files.makeDirectory(path, mode: 0o755)
    }

    var isUnified: Bool { Files.exists(path + "/cgroup.controllers") }
    /// A shell that enters it and becomes its arguments.
    var wrapper: [String] { ["/bin/sh", "-c", "echo 0 > \(path)/cgroup.procs && exec \"$@\"", "sh"] }

    func number(_ name: String) throws -> Int { Int(try Files.text("\(path)/\(name)").filter(\.isNumber)) ?? 0 }
    func set(_ name: String, _ value: String) throws { try Files.write("\(path)/\(name)", value) }

    func remove() { CgroupTree.removeTree(path) }
}

@Suite("A host that runs out is our failure, never the program's", .serialized, .enabled(if: Process.userID == 0))
struct StarvedHostTests {
    @Test("no process can be made: inconclusive, and well again when one can")
    func noProcesses() async throws {
        let cgroup = try await SurroundingCgroup(controller: "pids")
        defer { cgroup.remove() }
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        let driver = try DriverProcess(
            place, ["--runs", "0", "--gate"], wrapper: cgroup.wrapper, command: ["true"])
        #expect(try await driver.next().outcome == "passed")
        try cgroup.set("pids.max", "\(try cgroup.number("pids.current"))")
        let starved = try await driver.next()
        #expect(starved.outcome == "inconclusive")
        #expect(starved.codes == ["sandbox_setup_failed", "host_resource"])
        #expect(starved.detail.hasSuffix(SystemError.text(SystemError.EAGAIN)))
        try cgroup.set("pids.max", "max")
        #expect(try await driver.next().outcome == "passed")
        #expect(await driver.finish().status == 0)
        #expect(await eventually { place.jailProcesses().isEmpty })
    }

    @Test("memory ends above the sandbox, far from its own limit: inconclusive, not the program's memory")
    func noMemory() async throws {
        let cgroup = try await SurroundingCgroup(controller: "memory")
        defer { cgroup.remove() }
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        // 160 MiB are allowed to it (the limit is 256), but the host will not have them.
        let hungry = "import os; x = bytearray(160 << 20); os.write(1, b'had it')"
        let driver = try DriverProcess(
            place, ["--runs", "0", "--gate"], wrapper: cgroup.wrapper, command: ["python3", "-c", hungry])
        #expect(try await driver.next().outcome == "passed")
        let (usage, limit) =
            cgroup.isUnified ? ("memory.current", "memory.max") : ("memory.usage_in_bytes", "memory.limit_in_bytes")
        try cgroup.set(limit, "\(try cgroup.number(usage) + 96 << 20)")
        let starved = try await driver.next()
        #expect(starved.outcome == "inconclusive", "\(starved)")
        #expect(starved.codes == ["host_resource"])
        try cgroup.set(limit, cgroup.isUnified ? "max" : "-1")
        #expect(try await driver.next().outcome == "passed")
        #expect(await driver.finish().status == 0)
    }

    /// Commands before the driver, in a mount namespace of their own.
    private static func changed(_ commands: String) -> [String] {
        ["/usr/bin/unshare", "--mount", "--propagation", "private", "/bin/sh", "-ec", commands + "\nexec \"$@\"", "sh"]
    }

    @Test(
        "no room for the record of what may leak: nothing starts",
        arguments: ["dd if=/dev/zero of=$ORKET_STATE_DIR/full bs=4k 2>&- || :", "mount -o remount,ro $ORKET_STATE_DIR"])
    func fullDisk(_ fill: String) async throws {
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        let mount = "mkdir -p $ORKET_STATE_DIR; mount -t tmpfs -o size=8k,mode=700 none $ORKET_STATE_DIR\n"
        let driver = try DriverProcess(place, [], wrapper: Self.changed(mount + fill), command: ["true"])
        let end = await driver.finish()
        #expect(end.status == 3 << 8, "\(end.text)")
        #expect(end.text.contains("error the record of this supervisor cannot be"), "\(end.text)")
        #expect(await eventually { place.jailProcesses().isEmpty })
        #expect(CgroupPaths.directories(named: "-\(driver.program.pid)-").isEmpty)
    }

    @Test("no /proc: nothing starts, and the reason says so")
    func noProc() async throws {
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        let without = Self.changed("mount -t tmpfs none /proc; export ORKET_DRIVER='-- true'")
        let driver = try DriverProcess(place, [], wrapper: without, command: ["true"])
        let end = await driver.finish()
        // Swift's own thread pool may stop the process first: it looks at its threads through /proc.
        let isRuntimeTrap = end.status & 0x7f == SIGILL && end.text.isEmpty
        #expect(isRuntimeTrap || (end.status == 3 << 8 && end.text.hasPrefix("error /proc is not mounted")), "\(end)")
        #expect(driver.runs.isEmpty)
        #expect(await eventually { place.jailProcesses().isEmpty })
    }

    @Test("a /proc that hides processes hides nothing that a verdict needs", arguments: [true, false])
    func hiddenProcesses(_ asRoot: Bool) async throws {
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        #expect(chown(place.directory.path, asRoot ? 0 : 4242, asRoot ? 0 : 4242) == 0)
        let user = asRoot ? "" : "\nexec setpriv --reuid 4242 --regid 4242 --clear-groups \"$@\""
        let driver = try DriverProcess(
            place, ["--runs", "2"], wrapper: Self.changed("mount -t proc -o hidepid=2 none /proc" + user),
            command: ["true"])
        let end = await driver.finish()
        #expect(end.status == 0, "\(end.text)")
        #expect(driver.runs.count == 2)
        for run in driver.runs {
            // An ordinary user may find that the kernel lets no second /proc be mounted beside such a one.
            if !asRoot, run.outcome == "inconclusive" {
                #expect(run.codes == ["sandbox_setup_failed"] && run.detail.contains("/proc"))
                continue
            }
            #expect(run.outcome == "passed", "\(run)")
            #expect(run.seccomp == "2", "the evidence was read back")
        }
    }
}
