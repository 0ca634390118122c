import OrketCLI
import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// The doctor's decisions: one host description in, findings and level out.
struct DoctorReportTests {
    /// An ordinary user's host on which nothing is missing, changed at will.
    static func facts(
        userID: UInt32 = 1000, _ change: (inout DoctorFacts) -> Void = { _ in }
    ) -> DoctorFacts {
        let path = "/sys/fs/cgroup/user.slice/run.scope"
        let kinds = Set(NamespaceFacts.required)
        let features = KernelFeatures(
            release: KernelRelease("6.12.1"), machine: "x86_64", userID: userID,
            capabilities: userID == 0 ? 1 << 21 : 0,
            seccompActions: ["kill_process", "errno", "allow", "log"], landlock: .abi(6),
            namespaces: NamespaceFacts(
                kinds: kinds, limits: Dictionary(uniqueKeysWithValues: kinds.map { ($0, 63_000) })),
            cgroups: CgroupFacts(
                mode: .v2, places: [.init(controllers: ["cpu", "memory", "pids"], path: path)], countsSwap: true,
                hasSwap: true),
            proc: ProcFacts(MountTable("22 27 0:21 / /proc rw - proc proc rw\n")))
        var facts = DoctorFacts(
            features: features,
            programs: Dictionary(uniqueKeysWithValues: Toolchain.all.map { ($0.name, "/usr/bin/" + $0.programs[0]) }),
            jail: .init(path: "/opt/orket/orket-jail", isExecutable: true), tries: ["user_namespace": "ok"])
        change(&facts)
        return facts
    }

    /// One defect of a host and what the doctor must say of it.
    struct Defect: Sendable, CustomTestStringConvertible {
        let id: String
        let status: HostCheck.Status
        let level: IsolationLevel
        let repair: String?
        var userID: UInt32 = 1000
        let change: @Sendable (inout DoctorFacts) -> Void

        var testDescription: String { id }

        init(
            _ id: String, _ status: HostCheck.Status, level: IsolationLevel, repair: String?, userID: UInt32 = 1000,
            _ change: @escaping @Sendable (inout DoctorFacts) -> Void
        ) {
            self.id = id
            self.status = status
            self.level = level
            self.repair = repair
            self.userID = userID
            self.change = change
        }
    }

    @Test(arguments: [0, 1000] as [UInt32])
    func aCompleteHostReachesTheTop(userID: UInt32) {
        let report = DoctorReport(Self.facts(userID: userID))
        #expect(report.level == .cgroups && report.isHealthy && report.obstacles.isEmpty)
        #expect(report.checks.filter { $0.status != .pass }.map(\.id) == ["yama.ptrace_scope"])
        #expect(report.json["next"] == .null)
    }

    @Test(arguments: Defect.kernel + Defect.namespaces + Defect.cgroups + Defect.programs)
    func namesTheDefectAndItsRepair(defect: Defect) throws {
        let report = DoctorReport(Self.facts(userID: defect.userID, defect.change))
        let check = try #require(report.checks.first { $0.id == defect.id })
        #expect(check.status == defect.status)
        #expect(check.repair == defect.repair)
        #expect(report.level == defect.level)
        #expect(report.isHealthy == (defect.level >= .namespaces && defect.status != .fail))
        if defect.level < .cgroups { #expect(report.obstacles.contains(check)) }
    }

    @Test func everyBadFindingOfAPoorHostIsListedAtOnce() {
        let report = DoctorReport(
            Self.facts {
                $0.features.namespaces.unprivilegedClone = false
                $0.features.cgroups = CgroupFacts(mode: .none)
                $0.features.landlock = .absent(reason: "not built into this kernel")
                $0.programs = [:]
                $0.tries = [:]
            })
        #expect(report.level == .filters && !report.isHealthy)
        #expect(report.obstacles.map(\.id) == ["namespaces.user"])
        let bad = report.checks.filter { $0.status == .caution || $0.status == .fail }.map(\.id)
        #expect(bad.count == 3 + Toolchain.all.count)
        #expect(report.checks.allSatisfy { $0.status != .fail || $0.repair != nil })
    }

    @Test func aRealTryOutweighsTheSwitches() {
        let refuses = DoctorReport(Self.facts { $0.features.namespaces.unprivilegedClone = false })
        #expect(refuses.isHealthy, "a sandbox was built, whatever the switch says")
        let fails = DoctorReport(
            Self.facts { $0.tries = ["user_namespace": "ok", "seccomp": "EINVAL", "cgroup_pids": "EIO"] })
        #expect(fails.level == .limits && !fails.isHealthy)
        #expect(fails.obstacles.map(\.id) == ["sandbox.tried.seccomp"])
        let untried = DoctorReport(Self.facts { $0.tries = [:] })
        #expect(untried.checks.last?.status == .skipped && untried.isHealthy)
    }

    @Test func identifiersAreUnique() {
        let ids = DoctorReport(Self.facts()).checks.map(\.id)
        #expect(Set(ids).count == ids.count)
    }

    @Test func jsonHasTheFixedShape() throws {
        let json = DoctorReport(Self.facts { $0.features.cgroups = CgroupFacts(mode: .none) }).json
        #expect(json["schema"] == .string("orket.doctor/1"))
        #expect(json["level"] == .integer(3) && json["healthy"] == .bool(true) && json["userId"] == .integer(1000))
        #expect(json["next"]?["level"] == .integer(4))
        #expect(json["next"]?["blockedBy"] == .array([.string("cgroups.mode")]))
        guard case .array(let checks) = json["checks"] else {
            Issue.record("checks is no array")
            return
        }
        let mode = try #require(checks.first { $0["id"] == .string("cgroups.mode") })
        #expect(mode["status"] == .string("CAUTION") && mode["gates"] == .integer(4))
        #expect(mode["repair"] == .string("sudo mount -t cgroup2 none /sys/fs/cgroup"))
    }

    @Test func textEndsWithTheConclusionAndStaysOneLineACheck() {
        let report = DoctorReport(
            Self.facts {
                $0.features.cgroups.places[0].obstacle = "mkdir /sys/\u{1B}[31m\n: Permission denied"
                $0.programs["java"] = nil
            })
        let lines = report.text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == report.checks.count + 2 + 5, "the three cgroup lines share one repair")
        #expect(!report.text.contains("\u{1B}"))
        #expect(report.text.contains("         repair: sudo apt-get install -y default-jdk-headless\n"))
        #expect(report.text.contains("isolation level 3 of 4"))
        #expect(report.text.contains("needs: cgroups.memory, cgroups.pids, cgroups.cpu\n"))
        #expect(report.text.hasSuffix("kernel 6.12.1, uid 1000\n"))
    }
}
