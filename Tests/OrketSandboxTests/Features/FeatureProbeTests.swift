import OrketSystem
import Testing

/// The probe on the host that runs the tests: what holds on every host that can run them at all.
struct FeatureProbeTests {
    @Test func findsWhatThisHostMustHave() throws {
        let features = KernelFeatures.probe()
        #expect(try #require(features.release).isAtLeast(5, 14))
        #expect(features.obstacles.isEmpty)
        #expect(features.namespaces.kinds.isSuperset(of: NamespaceFacts.required))
        #expect(features.proc.isMounted)
        #expect(features.seccompActions?.contains("kill_process") != false)
        #expect(!features.machine.isEmpty)
        #expect(features.userID == Process.userID)
    }

    /// Its calls are made to fail: the namespaces must be the same afterwards, and no cgroup may be left.
    @Test func changesNothing() throws {
        let before = NamespaceFacts.required.map { Files.readLink("/proc/self/ns/\($0)") }
        let features = KernelFeatures.probe()
        #expect(NamespaceFacts.required.map { Files.readLink("/proc/self/ns/\($0)") } == before)
        for place in features.cgroups.places {
            let left = try Files.names(in: place.path).filter { $0 == "orket-doctor-\(Process.processID)" }
            #expect(left.isEmpty)
        }
    }

    @Test func agreesWithTheLayoutThatTheSupervisorUses() {
        let facts = KernelFeatures.probe().cgroups
        guard let layout = CgroupLayout.ofThisProcess() else {
            #expect(facts.places.isEmpty)
            return
        }
        #expect(Set(facts.places.map(\.path)) == Set(layout.directories.values))
        #expect(facts.usesUnified == (layout.version == .v2))
    }
}
