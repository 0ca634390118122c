import OrketCore
import Testing

@Suite("Paths of policies and command lines")
struct PathRulesTests {
    @Test(
        "accepts clean absolute paths",
        arguments: ["/", "/a", "/usr/lib", "/a b/c", "/..a/b..", "/\u{E4}/\u{1F600}", "/.hidden"])
    func clean(path: String) {
        #expect(PathRules.defect(ofAbsolute: path) == nil)
    }

    @Test(
        "refuses every other path, and says why",
        arguments: [
            ("", "empty"), ("a", "not absolute"), ("./a", "not absolute"), ("~/a", "not absolute"),
            ("//", "empty component"),
            ("/a//b", "empty component"), ("/a/", "empty component"), ("/a/../b", "component `..`"),
            ("/..", "component `..`"),
            ("/./a", "component `.`"), ("/a\nb", "control character"), ("/a\0b", "control character"),
            ("/a\u{7F}", "control character"), ("/" + String(repeating: "a", count: 256), "255 bytes"),
            ("/" + String(repeating: "\u{E4}", count: 128), "255 bytes"),
            (String(repeating: "/aaaaaaa", count: 512), "4095 bytes"),
        ])
    func dirty(path: String, hint: String) {
        #expect(PathRules.defect(ofAbsolute: path)?.contains(hint) == true)
        #expect(PathRules.defect(ofTarget: path) != nil)
        #expect(PathRules.defect(ofSource: path) != nil)
    }

    @Test("what the sandbox makes itself is no target, its namesakes are")
    func targets() {
        for path in ["/", "/box", "/box/a", "/tmp", "/tmp/x", "/dev/null", "/dev/shm", "/proc/self", "/sys/fs/cgroup"] {
            #expect(PathRules.defect(ofTarget: path) != nil, "\(path)")
        }
        for path in ["/boxes", "/tmpfs", "/device", "/process", "/system", "/usr/tmp", "/etc/passwd"] {
            #expect(PathRules.defect(ofTarget: path) == nil, "\(path)")
        }
    }

    @Test("the whole root and the kernel's own trees are never shown")
    func sources() {
        for path in ["/", "/proc", "/proc/1/root", "/sys", "/sys/kernel", "/dev", "/dev/kvm"] {
            #expect(PathRules.defect(ofSource: path) != nil, "\(path)")
        }
        for path in ["/usr", "/tmp/x", "/procedures", "/devel", "/opt"] {
            #expect(PathRules.defect(ofSource: path) == nil, "\(path)")
        }
    }

    @Test("containment goes by components, not by characters")
    func contains() {
        #expect(PathRules.contains("/", "/a"))
        #expect(PathRules.contains("/a", "/a"))
        #expect(PathRules.contains("/a", "/a/b"))
        #expect(!PathRules.contains("/a", "/ab"))
        #expect(!PathRules.contains("/a/b", "/a"))
    }

    @Test("a refused path is shown without what could steer a terminal")
    func escapes() throws {
        let defect = try #require(PathRules.defect(ofAbsolute: "/a\u{1B}[2J"))
        #expect(!defect.unicodeScalars.contains("\u{1B}"))
    }
}
