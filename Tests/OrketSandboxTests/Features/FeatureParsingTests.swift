import OrketSystem
import Testing

/// The pure half of the feature probe: texts of the kernel in, facts out.
struct FeatureParsingTests {
    @Test(arguments: [
        ("6.1.0-56-amd64", 6, 1), ("5.14", 5, 14), ("6.18.44-fc-v669", 6, 18), ("5.15-rc1", 5, 15), ("10.0.1+", 10, 0),
    ])
    func readsReleases(text: String, major: Int, minor: Int) throws {
        let release = try #require(KernelRelease(text))
        #expect(release.major == major && release.minor == minor && release.description == text)
    }

    @Test(arguments: ["", "6", "six.one", "6.", ".6", "-"])
    func refusesTextsThatAreNoRelease(text: String) {
        #expect(KernelRelease(text) == nil)
    }

    @Test(arguments: [
        ("5.13.19", false), ("5.14.0", true), ("4.19.0", false), ("6.0.1", true), ("5.4.300", false), ("5.140.0", true),
    ])
    func comparesWithTheFloor(text: String, expected: Bool) throws {
        #expect(try #require(KernelRelease(text)).isAtLeast(5, 14) == expected)
    }

    private static func table(_ lines: String...) -> MountTable { MountTable(lines.joined(separator: "\n") + "\n") }

    private static let proc = "22 27 0:21 / /proc rw,relatime - proc proc rw"

    @Test func readsMountsWithEscapesAndOptionalFields() {
        let table = Self.table(
            #"29 1 0:24 / / rw,relatime shared:1 master:2 - overlay none rw,lowerdir=/lower"#,
            #"40 29 8:1 /a\040b /mnt/c\011d\134e ro,nosuid - ext4 /dev/sda rw"#, "garbage", "1 2 3 4 5 6 7 8")
        #expect(table.mounts.count == 2)
        #expect(table.mounts[0].type == "overlay" && table.mounts[0].options.contains("lowerdir=/lower"))
        #expect(table.mounts[1].root == "/a b" && table.mounts[1].point == "/mnt/c\td\\e")
        #expect(table.mounts[1].options.isSuperset(of: ["ro", "nosuid", "rw"]))
        #expect(table.visible(at: "/mnt") == nil)
        #expect(table.below("/").count == 1 && table.below("/mn").isEmpty && table.below("/mnt").count == 1)
    }

    @Test func theLastMountAtAPointIsTheVisibleOne() {
        let table = Self.table(Self.proc, "50 22 0:30 / /proc rw - tmpfs none rw")
        #expect(ProcFacts(table).isMounted == false)
    }

    @Test func readsWhatCoversProc() {
        let facts = ProcFacts(
            Self.table(
                "22 27 0:21 / /proc rw,relatime - proc proc rw,hidepid=invisible",
                "23 22 0:21 /sys /proc/sys ro - proc proc rw", "24 22 0:30 /null /proc/kcore rw - tmpfs none rw",
                "25 23 0:40 / /proc/sys/fs/binfmt_misc rw - binfmt_misc none rw",
                "26 27 0:41 / /process rw - tmpfs none rw"))
        #expect(facts.isMounted && facts.coveredPaths == ["/proc/sys", "/proc/kcore"])
        #expect(facts.hidepid == "invisible" && !facts.showsOnlyProcesses)
    }

    @Test(arguments: [("rw", nil), ("rw,hidepid=0", nil), ("rw,hidepid=off", nil), ("rw,hidepid=2", "2")])
    func readsHidepid(options: String, expected: String?) {
        #expect(ProcFacts(Self.table("22 27 0:21 / /proc rw - proc proc \(options)")).hidepid == expected)
    }

    @Test func seesASubsetOfProc() {
        #expect(ProcFacts(Self.table("22 27 0:21 / /proc rw - proc proc rw,subset=pid")).showsOnlyProcesses)
    }

    @Test func tellsTheCgroupModes() {
        let unified = "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw"
        let memory = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory"
        let named = "40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,name=systemd"
        #expect(CgroupFacts.mode(Self.table(Self.proc)) == .none)
        #expect(CgroupFacts.mode(Self.table(unified)) == .v2)
        #expect(CgroupFacts.mode(Self.table(unified, named)) == .v2)
        #expect(CgroupFacts.mode(Self.table(memory, named)) == .v1)
        #expect(CgroupFacts.mode(Self.table(memory, unified)) == .hybrid)
    }

    @Test func seesSwapOnlyBelowTheHeading() {
        let heading = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
        #expect(!CgroupFacts.hasSwap("") && !CgroupFacts.hasSwap(heading))
        #expect(CgroupFacts.hasSwap(heading + "/dev/vdb  partition 1048572 0 -2\n"))
    }

    @Test(arguments: [
        ("         0          0 4294967295\n", true), ("0 1000 1\n", false), ("", false),
        ("0 0 65536\n65536 65536 4294901759\n", false),
    ])
    func tellsTheFirstUserNamespace(uidMap: String, expected: Bool) {
        #expect(KernelFeatures.isWholeRange(uidMap) == expected)
    }

    @Test func readsStatusFields() {
        let status = "Name:\tSeccomp\nSeccomp:\t2\nSeccomp_filters:\t1\nCapEff:\t000001ffffffffff\n"
        #expect(ControlFile.field("Seccomp", in: status) == "2")
        #expect(ControlFile.field("CapEff", in: status) == "000001ffffffffff")
        #expect(ControlFile.field("CapBnd", in: status) == nil)
    }
}
