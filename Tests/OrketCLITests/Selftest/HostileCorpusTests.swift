import OrketCLI
import OrketCore
import OrketVerify
import Testing

/// The shipped hostile programs and their headers.
@Suite("Hostile corpus")
struct HostileCorpusTests {
    private static let corpus = HostileCorpus(directory: packageRoot + "/fixtures/hostile")

    private static func findings(_ text: String, name: String = "kernel/probe.c") -> [String] {
        do throws(InvalidInput) {
            _ = try HostileHeader.parse(text, name: name, file: "probe.c")
            return []
        } catch {
            return error.findings.map(\.description)
        }
    }

    private static func header(_ lines: String...) -> String {
        "/*\n * orket-hostile\n" + lines.map { " * \($0)\n" }.joined() + " */\nint main(void) { return 0; }\n"
    }

    @Test("every shipped program has a sound header, each category has many, and together they are far above eighty")
    func shipped() throws {
        let programs = try Self.corpus.load()
        #expect(programs.count >= 200)
        for category in HostileProgram.Category.allCases {
            #expect(programs.count { $0.category == category } >= 20, "\(category)")
        }
        #expect(Set(programs.map(\.title)).count == programs.count, "each tries something of its own")
    }

    @Test("each limit has a program that exceeds it and one that stays below")
    func neighbours() throws {
        let programs = try Self.corpus.load()
        for reason in [ReasonCode.memory, .cpuTime, .wallTime, .idleTime, .outputLimit, .fileSize, .processLimit] {
            #expect(programs.contains { $0.expectation == .reason(reason) }, "\(reason)")
            let isBelow = programs.contains { program in
                guard case .limits(_, reason: reason) = program.control else { return false }
                return program.expectation == .passed
            }
            #expect(isBelow, "\(reason)")
        }
    }

    @Test("a complete header is read")
    func complete() throws {
        let text = Self.header(
            "title: tries", "category: kernel", "field: c1, d2", "expect: reason memory",
            "control: limits memory=1GiB", "needs: root, cgroup", "limits: memory=32MiB pids=8")
        let program = try HostileHeader.parse(text, name: "kernel/probe.c", file: "probe.c")
        #expect(program.name == "kernel/probe" && program.rows == ["c1", "d2"])
        #expect(program.expectation == .reason(.memory) && program.needs == [.root, .cgroup])
        #expect(program.control == .limits(["memory=1GiB"], reason: nil))
        #expect(program.limits == ["memory=32MiB", "pids=8"])
    }

    @Test("everything that is wrong in a header is found at once, with its line")
    func defects() {
        let found = Self.findings(
            Self.header("title: t", "category: network", "expect: reason nothing", "colour: red", "title: u"))
        #expect(found.contains { $0.hasPrefix("probe.c:4:") && $0.contains("network") })
        #expect(found.contains { $0.hasPrefix("probe.c:5:") })
        #expect(found.contains { $0.hasPrefix("probe.c:6:") && $0.contains("colour") })
        #expect(found.contains { $0.hasPrefix("probe.c:7:") && $0.contains("twice") })
        #expect(found.contains { $0.contains("`control` is missing") })
    }

    @Test("a program that proves nothing when it passes is refused")
    func provesNothing() {
        let found = Self.findings(
            Self.header("title: t", "category: kernel", "expect: outcome passed", "control: without seccomp"))
        #expect(found.count == 1 && found[0].contains("needs a control with a reason"))
    }

    @Test("a file without a header is none of the corpus")
    func noHeader() {
        #expect(Self.findings("int main(void) { return 0; }\n").contains { $0.contains("does not begin with") })
    }
}
