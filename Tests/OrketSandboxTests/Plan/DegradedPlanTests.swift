import OrketCore
import OrketSystem
import Testing

@testable import OrketSandbox

@Suite("What a host lacks")
struct DegradedPlanTests {
    private func host(landlock: Int32 = 7, cgroup: Bool = true) -> HostFacts {
        HostFacts(
            landlockABI: landlock, cgroupVersion: cgroup ? .v1 : nil, cgroupReason: "none is mounted",
            isRootless: false,
            pathExists: { _ in true })
    }

    private func refusal(_ policy: Policy, _ host: HostFacts) -> SandboxError? {
        do throws(SandboxError) { _ = try PlanCompiler.compile(policy, host: host) } catch { return error }
        return nil
    }

    @Test("Landlock that is absent is refused with the repair, unless the policy names it")
    func landlock() throws {
        let refused = try #require(refusal(TestPolicy.make(), host(landlock: 0)))
        #expect(refused.code == .unsupportedHost)
        #expect(refused.description.contains("allowDegraded"))
        let plan = try PlanCompiler.compile(
            TestPolicy.make { $0.allowDegraded = [.landlock] }, host: host(landlock: 0))
        #expect(plan.degraded == [.landlock] && !plan.has(.landlock) && plan.landlock == nil)
        #expect(refusal(TestPolicy.make(), host()) == nil)
    }

    @Test("cgroups that are absent lower the level, and a policy that needs the level is refused")
    func cgroups() throws {
        let strict = TestPolicy.make { $0.minimumLevel = .cgroups }
        #expect(refusal(strict, host(cgroup: false))?.code == .unsupportedHost)
        #expect(refusal(strict, host()) == nil)
        let plan = try PlanCompiler.compile(
            TestPolicy.make { $0.minimumLevel = .namespaces }, host: host(cgroup: false))
        #expect(plan.level == .namespaces && plan.degraded == [.cgroupMemory, .cgroupPids, .cgroupCPU])
    }
}
