import OrketSystem
import Testing

@Suite("Where cgroups may be made")
struct CgroupLayoutTests {
    private static let mount = "30 20 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw\n"

    private func place(_ own: String) -> String? {
        CgroupLayout(selfCgroup: "0::\(own)\n", mountinfo: Self.mount, unifiedControllers: "cpu memory pids")?
            .directories["unified"]
    }

    @Test("beneath the own cgroup; where a supervisor stepped aside, beneath the one that it left")
    func unified() {
        #expect(place("/") == "/sys/fs/cgroup")
        #expect(place("/job") == "/sys/fs/cgroup/job")
        #expect(place("/job/orket-supervisor") == "/sys/fs/cgroup/job")
        #expect(place("/job/my-orket-supervisor") == "/sys/fs/cgroup/job/my-orket-supervisor")
    }
}
