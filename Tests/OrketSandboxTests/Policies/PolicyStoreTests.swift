import OrketCore
import OrketDocuments
import OrketSandbox
import Testing

@Suite("Policies and inheritance")
struct PolicyStoreTests {
    private static let store = PolicyDirectory.shipped

    @Test("every shipped policy loads, and each of its rules says why and where")
    func shipped() throws {
        let names = Self.store.names()
        #expect(Set(names).isSuperset(of: ["default", "compile", "python", "toolchains/c", "toolchains/cpp-compile"]))
        #expect(!names.contains("base"))
        for name in names {
            let resolved = try Self.store.resolve(name)
            #expect(resolved.policy.name == name)
            #expect(resolved.policy.minimumLevel >= .namespaces, "\(name)")
            #expect(resolved.policy.allowDegraded == [], "\(name)")
            #expect(resolved.policy.network == .none, "\(name)")
            #expect(resolved.policy.mounts.allSatisfy { !$0.writable }, "\(name)")
            for rule in resolved.rules {
                #expect(rule.why.count > 5, "\(name): \(rule.subject)")
                #expect(rule.origin == "built-in" || rule.line > 0, "\(name): \(rule.subject)")
            }
        }
    }

    @Test("a foundation cannot be used itself")
    func foundation() throws {
        let error = #expect(throws: InvalidInput.self) { try Self.store.load("base") }
        #expect(error?.findings.first?.message.contains("foundation") == true)
    }

    @Test("a name that is none says which there are", arguments: ["nope", "toolchains", "a/b/c", "Default", ""])
    func unknown(name: String) {
        let error = #expect(throws: InvalidInput.self) { try Self.store.load(name) }
        #expect(error?.findings.first?.message.contains("toolchains/cpp") == true)
    }

    @Test("all findings of a file and of the file it extends come at once, with their places")
    func allFindings() throws {
        let directory = PolicyDirectory()
        try directory.put("parent.yaml", "schema: 1\nextends: default\nwhy: x\nlimits: {wall: 0s, colour: 3}\n")
        let text =
            "schema: 1\nextends: ./parent.yaml\nwhy: x\nnetwork:\n  mode: all\n  why: x\nminimumLevel: 9\nsyscalls: {sets: [nowhere]}\n"
        let findings = try directory.findings(text)
        #expect(
            findings.map { ($0.file.hasSuffix("parent.yaml") ? "p" : "s") + "\($0.line ?? 0):\($0.column ?? 0)" }
                .sorted()
                == ["p4:16", "p4:20", "s5:9", "s7:15", "s8:19"])
    }

    @Test("an empty list leaves nothing of the parent's, a list of keyed rules adds to it")
    func merging() throws {
        let directory = PolicyDirectory()
        func load(_ lines: String) throws -> Policy {
            try Self.store.load(try directory.put("child.yaml", "schema: 1\nextends: default\nwhy: x\n\(lines)\n"))
        }
        let parent = try Self.store.load("default")
        #expect(try load("environment: []").environment == [:])
        #expect(try load("filesystem: {symlinks: []}").symlinks == [])
        #expect(try load("filesystem: {symlinks: []}").mounts == parent.mounts)
        #expect(try load("syscalls: {socketFamilies: []}").syscalls.socketFamilies == [])
        let added = try load("environment: [{name: TZ, value: CET, why: x}, {name: A, value: b, why: x}]").environment
        #expect(added["TZ"] == "CET" && added["A"] == "b" && added["PATH"] == parent.environment["PATH"])
        var limits = parent.limits
        limits.pids = 5
        #expect(try load("limits: {pids: 5}").limits == limits)
        let denied = try load("syscalls: {groups: [{name: own, action: deny, calls: [uname], why: x}]}").syscalls
        #expect(denied.groups.filter { $0.calls.contains("uname") }.map(\.action) == [.deny])
    }

    @Test("the digest is the same for the same rules, and another when a parent changes")
    func digest() throws {
        let directory = PolicyDirectory()
        try directory.put("parent.yaml", "schema: 1\nextends: default\nwhy: x\nlimits: {pids: 7}\n")
        let child = try directory.put("child.yaml", "schema: 1\nextends: ./parent.yaml\nwhy: y\n")
        let first = try Self.store.load(child).digest
        #expect(first == (try Self.store.load(directory.path + "/parent.yaml").digest))
        #expect(first.count == 64)
        try directory.put("parent.yaml", "schema: 1\nextends: default\nwhy: x\nlimits: {pids: 8}\n")
        #expect(try Self.store.load(child).digest != first)
    }

    @Test("a chain of policies is bounded")
    func depth() throws {
        let directory = PolicyDirectory()
        for number in 1...12 {
            let parent = number == 12 ? "default" : "./p\(number + 1).yaml"
            try directory.put("p\(number).yaml", "schema: 1\nextends: \(parent)\nwhy: x\n")
        }
        let error = #expect(throws: InvalidInput.self) { try Self.store.load(directory.path + "/p1.yaml") }
        #expect(error?.findings.first?.message.contains("longer than 8 files") == true)
        #expect(throws: Never.self) { try Self.store.load(directory.path + "/p8.yaml") }
    }

    @Test(
        "a file that is no policy is refused without harm",
        arguments: [
            [], [0xff, 0xfe], Array("{".utf8), Array(String(repeating: "[", count: 100_000).utf8),
            Array("a: &a [x]\nb: *a\n".utf8), Array(String(repeating: "x: 1\n", count: 100_000).utf8),
            Array("a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nd: [*c,*c]\n".utf8), Array("\u{0}".utf8),
            Array("? [a]\n: b\n".utf8), Array("--- \nschema: 1\n--- \nschema: 1\n".utf8),
        ] as [[UInt8]])
    func garbage(bytes: [UInt8]) throws {
        let (_, findings) = DocumentReader.read(bytes, file: "x")
        let directory = PolicyDirectory()
        let refused = try directory.findings(String(decoding: bytes, as: UTF8.self))
        #expect(!refused.isEmpty)
        #expect(findings.count < 2_000)
    }
}
