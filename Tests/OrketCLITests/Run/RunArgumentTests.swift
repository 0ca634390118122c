import OrketCLI
import OrketCore
import Testing

@Suite("Arguments of `orket run`")
struct RunArgumentTests {
    private static func messages<Value>(_ result: Result<Value, InvalidInput>) -> [String] {
        if case .failure(let error) = result { error.findings.map(\.description) } else { [] }
    }

    // MARK: - --bind

    @Test("a bind is read-only unless it says otherwise, its source without links")
    func binds() throws {
        let scratch = ScratchDirectory()
        let bind = try BindArgument.parse("\(scratch.path)/../\(scratch.path.dropFirst(5)):/data").get()
        #expect(bind == BindArgument(source: scratch.path, target: "/data", isWritable: false))
        #expect(try BindArgument.parse("\(scratch.path):/data:rw").get().isWritable)
        #expect(try !BindArgument.parse("\(scratch.path):/data:ro").get().isWritable)
    }

    @Test(
        "a bind that cannot be is refused, with the thing, the reason and the repair",
        arguments: [
            ("/usr", ["write SRC:DST"]), ("/usr:", ["write SRC:DST"]), (":/x", ["write SRC:DST"]),
            ("", ["write SRC:DST"]),
            ("/usr:/x:rx", ["write SRC:DST"]), ("/usr:/x:rw:rw", ["write SRC:DST"]),
            ("/no/such:/x", ["\"/no/such\"", "No such file or directory", "that exists"]),
            ("/usr:data", ["\"data\" is not absolute", "/data"]), ("/usr:/a/../b", ["`..`"]),
            ("/:/host", ["whole host root"]), ("/proc:/p", ["never shown"]), ("/usr:/box/x", ["makes itself"]),
            ("/no/such:data", ["No such file", "not absolute"]),
        ] as [(String, [String])])
    func refusesBinds(text: String, parts: [String]) {
        let found = Self.messages(BindArgument.parse(text)).joined(separator: "\n")
        for part in parts { #expect(found.contains(part), "\(found)") }
    }

    private static var policy: Policy {
        var policy = Policy(name: "test", why: "tests")
        policy.mounts = [.init(source: "/usr", target: "/usr", why: "programs")]
        policy.symlinks = [.init(path: "/bin", target: "usr/bin")]
        policy.files = [.init(path: "/etc/passwd", text: "")]
        policy.environment = ["PATH": "/usr/bin"]
        return policy
    }

    @Test("a bind replaces the policy's mount at its place and sorts after what holds it")
    func replacesMount() {
        var policy = Self.policy
        #expect(BindArgument(source: "/tmp", target: "/usr", isWritable: true).add(to: &policy) == nil)
        #expect(policy.mounts.map(\.source) == ["/tmp"] && policy.mounts[0].writable)
        #expect(BindArgument(source: "/usr", target: "/opt", isWritable: false).add(to: &policy) == nil)
        #expect(policy.mounts.map(\.target) == ["/opt", "/usr"])
    }

    @Test(
        "a bind where nothing can be made is refused",
        arguments: [
            ("/etc/passwd", "makes /etc/passwd itself"), ("/etc", "makes /etc/passwd itself"),
            ("/bin/tool", "makes /bin itself"), ("/usr/no-such-place/x", "has no such place"),
        ])
    func refusesPlaces(target: String, message: String) throws {
        var policy = Self.policy
        let finding = try #require(BindArgument(source: "/tmp", target: target, isWritable: false).add(to: &policy))
        #expect(finding.message.contains(message))
        #expect(policy == Self.policy)
    }

    // MARK: - --env

    @Test("a variable has the value that is written, or the caller's")
    func environment() throws {
        let parsed = EnvironmentArgument.parse(["A=1", "B=", "C=x=y", "_d2"]) { $0 == "_d2" ? "theirs" : nil }
        #expect(try parsed.get() == ["A": "1", "B": "", "C": "x=y", "_d2": "theirs"])
    }

    @Test("every bad variable is told")
    func refusesEnvironment() {
        let found = Self.messages(
            EnvironmentArgument.parse(["1A=2", "=x", "A B=1", "GONE", "A=1", "A=2", "Ä=1"]) { _ in nil })
        #expect(found.count == 6)
        for part in ["\"1A\"", "\"\"", "\"A B\"", "\"GONE\": is not set here", "\"A\": is given twice", "\"Ä\""] {
            #expect(found.contains { $0.hasPrefix("--env: " + part) }, "\(part) in \(found)")
        }
    }

    // MARK: - --output

    @Test("an output is a name in /box and a new file here")
    func outputs() throws {
        let scratch = ScratchDirectory()
        let file = "\(scratch.path)/new"
        #expect(try OutputArgument.parse("a/b:\(file)").get() == OutputArgument(path: "a/b", file: file))
        #expect(try OutputArgument.parse("/box/a:\(file)").get() == OutputArgument(path: "a", file: file))
        #expect(try OutputArgument.parse("out/no-such-file-here").get().file == "no-such-file-here")
    }

    @Test(
        "an output that leaves /box, overwrites or cannot be written is refused",
        arguments: [
            ("../x", "name a file in /box"), ("/etc/passwd", "name a file in /box"), ("", "name a file in /box"),
            ("a/./b", "name a file in /box"), ("a:", "is missing"), ("a:/usr", "exists already"),
            ("a:/no/such/place", "cannot be written"),
        ])
    func refusesOutputs(text: String, message: String) {
        #expect(Self.messages(OutputArgument.parse(text)).joined().contains(message))
    }

    // MARK: - The program

    private func problem(
        _ program: String, path: String = "/usr/bin", _ change: (inout Policy) -> Void = { _ in }
    ) -> String? {
        var policy = Self.policy
        change(&policy)
        return ProgramFinder(policy: policy, searchPath: path).problem(with: program)
    }

    @Test("programs are found by name, by path, and through the sandbox's own links")
    func findsPrograms() {
        #expect(problem("env") == nil)
        #expect(problem("/usr/bin/env") == nil)
        #expect(problem("/bin/env") == nil)
        #expect(problem("/bin/../lib/.././bin/env") == nil)
        // Only the run can tell what lies in a file system that the sandbox makes.
        #expect(problem("/tmp/program") == nil)
    }

    @Test("the host's links are followed inside the sandbox, not on the host")
    func followsLinksInside() throws {
        let scratch = ScratchDirectory()
        try scratch.write("tool", "", mode: 0o755)
        symlinkFile("/outside/tool", "\(scratch.path)/absolute")
        symlinkFile("tool", "\(scratch.path)/relative")
        symlinkFile("loop", "\(scratch.path)/loop")
        let show = { (policy: inout Policy) in
            policy.mounts.append(.init(source: scratch.path, target: "/opt", why: "test"))
        }
        #expect(problem("/opt/relative", show) == nil)
        #expect(problem("/opt/absolute", show)?.contains("not in the sandbox") == true)
        #expect(problem("/opt/loop", show)?.contains("not in the sandbox") == true)
        #expect(
            problem("/opt/absolute") {
                show(&$0); $0.mounts.append(.init(source: scratch.path, target: "/outside", why: ""))
            } == nil)
    }

    @Test("what cannot be executed is told with what to do")
    func tellsProblems() throws {
        let scratch = ScratchDirectory()
        try scratch.write("plain", "")
        let show = { (policy: inout Policy) in
            policy.mounts.append(.init(source: scratch.path, target: "/opt", why: "test"))
        }
        #expect(problem("no-such-program")?.contains("PATH is /usr/bin") == true)
        #expect(problem("env", path: "")?.contains("PATH is empty") == true)
        #expect(problem("/home/me/a.out")?.contains("--bind FILE:/opt/a.out -- /opt/a.out") == true)
        #expect(problem("./a.out")?.contains("/box, which is empty") == true)
        #expect(problem("/usr/bin")?.contains("is a directory") == true)
        #expect(problem("/opt/plain", show)?.contains("chmod +x") == true)
        #expect(problem("plain", path: "/opt", show)?.contains("chmod +x") == true)
        #expect(problem("")?.contains("is empty") == true)
    }
}
