import OrketCore
import OrketSystem
import Testing

@testable import OrketSandbox

/// What a result says of isolation, held against what the program sees of itself and what the host sees of the program.
@Suite("Evidence of enforcement is true")
struct EnforcementTests {
    private static let namespaces = ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"]

    /// The files that the program prints, each behind a line that names it.
    private static let script = """
        cd /proc/self
        for file in status limits uid_map gid_map mountinfo; do echo "== $file"; cat $file; done
        for name in user pid mnt net ipc uts cgroup; do echo "== ns/$name"; readlink ns/$name; done
        echo "== fd"; ls /proc/$$/fd
        echo "== environment"; env -u _ -u PWD -u OLDPWD -u SHLVL
        echo "== processes"; ls / /proc | grep -E '^[0-9]+$'
        """

    private static func sections(_ text: String) -> [String: [String]] {
        var found: [String: [String]] = [:]
        var name = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("== ") {
                name = String(line.dropFirst(3))
            } else {
                found[name, default: []].append(String(line))
            }
        }
        return found
    }

    private static func words(_ line: some StringProtocol) -> String {
        line.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    private static func statusField(_ name: String, _ lines: [String]?) -> String? {
        lines?.first { $0.hasPrefix(name + ":") }.map { words($0.dropFirst(name.count + 1)) }
    }

    @Test("the program sees of itself what the result says")
    func agreesWithTheProgram() async throws {
        let result = try await TestSupervisor.run(["sh", "-c", Self.script])
        #expect(result.outcome == .passed, "\(result.stderr.text)")
        let seen = Self.sections(result.stdout.text)
        let said = result.isolation.mechanisms
        let fields = [
            ("NoNewPrivs", "noNewPrivs", "1"), ("Seccomp", "seccompMode", "2"),
            ("Seccomp_filters", "seccompFilters", "1"),
            ("CapInh", "capInh", "0000000000000000"), ("CapPrm", "capPrm", "0000000000000000"),
            ("CapEff", "capEff", "0000000000000000"), ("CapBnd", "capBnd", "0000000000000000"),
            ("CapAmb", "capAmb", "0000000000000000"),
        ]
        for (kernel, ours, expected) in fields {
            #expect(Self.statusField(kernel, seen["status"]) == expected, "\(kernel)")
            #expect(said[ours] == expected, "\(ours)")
        }
        // Inside it is user 1000; outside a user that nobody else is.
        #expect(Self.statusField("Uid", seen["status"]) == "1000 1000 1000 1000")
        #expect(said["uidMap"].map { $0.hasPrefix("1000 ") && $0.hasSuffix(" 1") } == true)
        for name in Self.namespaces {
            let link = try #require(said["ns.\(name)"])
            #expect(seen["ns/\(name)"] == [link])
            #expect(link != Files.readLink("/proc/self/ns/\(name)"))
            #expect(said["ns.\(name).shared"] == nil)
        }
        #expect(seen["fd"]?.filter { $0 != "255" } == ["0", "1", "2"])
        checkMounts(seen["mountinfo"] ?? [], said)
        checkLimits(seen["limits"] ?? [], said)
    }

    private func checkMounts(_ lines: [String], _ said: [String: String]) {
        #expect(!lines.isEmpty)
        for line in lines {
            let fields = line.split(separator: " ")
            let point = String(fields[4]), flags = fields[5].split(separator: ",")
            #expect(said["mount.\(point)"] == String(fields[5]), "\(point)")
            #expect(flags.contains("nosuid"), "\(point)")
            let isDevice = ["null", "zero", "full", "random", "urandom"].contains { point == "/dev/\($0)" }
            #expect(flags.contains("nodev") || isDevice, "\(point)")
            let isScratch = ["/box", "/tmp", "/dev/shm", "/proc"].contains(point)
            #expect(flags.contains("ro") != isScratch, "\(point)")
        }
    }

    private func checkLimits(_ lines: [String], _ said: [String: String]) {
        let known = [
            ("Max file size", "fsize"), ("Max open files", "nofile"), ("Max core file size", "core"),
            ("Max stack size", "stack"), ("Max cpu time", "cpu"),
        ]
        for (kernel, ours) in known {
            let line = lines.first { $0.hasPrefix(kernel) }?.dropFirst(kernel.count).split(separator: " ").prefix(2)
            #expect(line != nil && said["rlimit.\(ours)"] == line?.joined(separator: "/"), "\(kernel)")
        }
        #expect(said["rlimit.core"] == "0/0")
    }

    @Test("the host sees of the running program what the result says")
    func agreesWithTheHost() async throws {
        let supervisor = try await TestSupervisor.shared.supervisor()
        let token = "600001"
        async let running = Probe.run(
            ["sleep", token],
            request: { request in
                request.onStart = { control in
                    Task {
                        // Held until the host has looked.
                        Seen.shared.facts = await HostView.ofProgram(
                            below: supervisor.jailPID, arguments: ["sleep", token])
                        control.cancel()
                    }
                }
            })
        let result = try await running
        #expect(result.outcome == .cancelled)
        let view = try #require(Seen.shared.facts)
        let said = result.isolation.mechanisms
        for name in Self.namespaces { #expect(view.namespaces[name] == said["ns.\(name)"], "\(name)") }
        #expect(view.uidMap == said["uidMap"])
        #expect(Self.statusField("Uid", view.status) == said["uid"])
        #expect(Self.statusField("NoNewPrivs", view.status) == "1")
        #expect(view.descriptors == ["0", "1", "2"])
        if let version = supervisor.host.cgroupVersion {
            let file = version == .v2 ? "memory.max" : "memory.limit_in_bytes"
            #expect(view.memoryLimit == said["cgroup.\(file)"])
            #expect(view.memoryLimit == "\(result.limits.memoryBytes)")
        }
    }

    @Test("an empty environment but for the policy's, one own process tree, an own hostname")
    func seesOnlyItself() async throws {
        let result = try await TestSupervisor.run([
            "sh", "-c", Self.script + "\necho '== host'; cat /proc/sys/kernel/hostname",
        ])
        let seen = Self.sections(result.stdout.text)
        let names = Set((seen["environment"] ?? []).compactMap { $0.split(separator: "=").first.map(String.init) })
        #expect(names == ["PATH", "HOME", "LANG"])
        // Pid 1 is hidden; the shell, and what it started last.
        let processes = (seen["processes"] ?? []).compactMap { Int($0) }
        #expect(!processes.contains(1) && processes.contains(2) && processes.count <= 4)
        // subset=pid leaves no /proc/sys.
        #expect(seen["host"] == nil)
    }
}

/// What /proc on the host shows of a sandboxed program.
private struct HostView: Sendable {
    var status: [String]
    var uidMap: String
    var namespaces: [String: String]
    var descriptors: [String]
    var memoryLimit: String?

    static func ofProgram(below jail: Int32, arguments: [String]) async -> HostView? {
        await ProcessTree.find(arguments: arguments, below: jail).map { HostView($0) }
    }

    private init(_ pid: Int32) {
        let base = "/proc/\(pid)"
        status = ((try? Files.text(base + "/status")) ?? "").split(separator: "\n").map(String.init)
        uidMap = ((try? Files.text(base + "/uid_map")) ?? "").split(whereSeparator: \.isWhitespace).joined(
            separator: " ")
        namespaces = [:]
        for name in ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"] {
            namespaces[name] = Files.readLink("\(base)/ns/\(name)")
        }
        descriptors = ((try? Files.names(in: base + "/fd")) ?? []).sorted()
        memoryLimit = CgroupPaths.of(pid, controller: "memory").flatMap { path in
            ["memory.max", "memory.limit_in_bytes"].compactMap { try? Files.text("\(path)/\($0)") }.first
        }?.split(separator: "\n").first.map(String.init)
    }
}

/// Hands the host's view over from the callback of a run; written once, before the run is told to end.
private final class Seen: @unchecked Sendable {
    // SAFETY: the run's end, which the writer causes after writing, comes before every read.
    static let shared = Seen()
    var facts: HostView?
}
