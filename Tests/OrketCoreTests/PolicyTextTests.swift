import OrketCore
import Testing

@Suite("What a policy's digest covers")
struct PolicyTextTests {
    private static func policy() -> Policy {
        var policy = Policy(name: "p", why: "because")
        policy.mounts = [
            Policy.Mount(source: "/usr", target: "/usr", why: "programs"),
            Policy.Mount(source: "/opt", target: "/opt", optional: true, why: "more"),
        ]
        policy.symlinks = [Policy.Symlink(path: "/bin", target: "usr/bin")]
        policy.files = [Policy.TextFile(path: "/etc/hosts", text: "127.0.0.1 localhost\n")]
        policy.environment = ["A": "1", "B": "2"]
        policy.passEnvironment = ["TERM"]
        policy.syscalls = SyscallRules(
            groups: [
                .init(name: "one", why: "w", action: .allow, calls: ["read", "write"]),
                .init(name: "two", why: "w", action: .deny, calls: ["mount"]),
            ], socketFamilies: [.unix])
        return policy
    }

    /// Every change of what a program may do.
    private static let effective: [(String, @Sendable (inout Policy) -> Void)] = [
        ("level", { $0.minimumLevel = .cgroups }), ("degraded", { $0.allowDegraded = [.landlock] }),
        ("limit", { $0.limits.pids += 1 }), ("idle", { $0.limits.idleMs = 1 }), ("network", { $0.network = .loopback }),
        ("mount writable", { $0.mounts[0].writable = true }), ("mount optional", { $0.mounts[0].optional = true }),
        ("mount executable", { $0.mounts[0].executable = false }), ("mount source", { $0.mounts[0].source = "/lib" }),
        ("mount target", { $0.mounts[0].target = "/x" }), ("mount gone", { $0.mounts.removeLast() }),
        ("symlink", { $0.symlinks[0].target = "bin" }), ("file", { $0.files[0].text = "" }),
        ("variable", { $0.environment["A"] = "3" }), ("variable gone", { $0.environment["A"] = nil }),
        ("passed", { $0.passEnvironment = [] }), ("family", { $0.syscalls.socketFamilies.append(.inet) }),
        ("call", { $0.syscalls.groups[0].calls.append("open") }), ("action", { $0.syscalls.groups[1].action = .kill }),
    ]

    /// Changes that no program can notice.
    private static let idle: [(String, @Sendable (inout Policy) -> Void)] = [
        ("name", { $0.name = "q" }), ("why", { $0.why = "otherwise" }), ("mount why", { $0.mounts[0].why = "else" }),
        ("order of mounts", { $0.mounts.reverse() }), ("order of groups", { $0.syscalls.groups.reverse() }),
        ("order of calls", { $0.syscalls.groups[0].calls.reverse() }),
        ("group name", { $0.syscalls.groups[0].name = "x" }),
        ("group why", { $0.syscalls.groups[0].why = "x" }),
        (
            "split group",
            { policy in
                policy.syscalls.groups[0].calls = ["read"]
                policy.syscalls.groups.append(.init(name: "three", why: "w", action: .allow, calls: ["write"]))
            }
        ),
    ]

    @Test("whatever changes for a program changes the text, each change differently")
    func coversEffects() {
        let texts = Self.effective.map { _, change in
            var policy = Self.policy()
            change(&policy)
            return policy.canonicalText
        }
        let original = Self.policy().canonicalText
        for (text, item) in zip(texts, Self.effective) { #expect(text != original, "\(item.0)") }
        #expect(Set(texts).count == texts.count)
    }

    @Test("names, reasons and order change nothing")
    func ignoresWords() {
        for (name, change) in Self.idle {
            var policy = Self.policy()
            change(&policy)
            #expect(policy.canonicalText == Self.policy().canonicalText, "\(name)")
        }
    }

    @Test("a hostile name cannot forge a line")
    func cannotForge() {
        var forged = Self.policy()
        forged.environment = ["A": "1", "B": "2\"\nnetwork loopback\nenvironment \"C\" \""]
        let count = Self.policy().canonicalText.split(separator: "\n").count
        #expect(forged.canonicalText.split(separator: "\n").count == count)
        #expect(!forged.canonicalText.contains("\nnetwork loopback\n"))
    }
}
