import OrketCore
import OrketSandbox
import Testing

@Suite("Each limit, exceeded and kept")
struct LimitTests {
    @Test("a program is stopped for the limit that it exceeds, and for no other", arguments: LimitCase.all)
    func limit(_ test: LimitCase) async throws {
        let hasCgroups = try await TestSupervisor.shared.supervisor().host.cgroupVersion != nil
        let result = try await Probe.run(test.arguments, limits: test.limits)
        if test.needsCgroup, !hasCgroups {
            // Not held here as it would be there: that has to show, and must not look like full strength.
            #expect(result.isolation.level == .namespaces)
            #expect(result.isolation.degraded.contains(.cgroupMemory))
            return
        }
        #expect(result.reasons.map(\.code) == test.reasons, "\(result.reasons)")
        #expect(result.outcome == (test.reasons.isEmpty ? .passed : .failed))
        #expect(result.reasons.allSatisfy { $0.source == .host })
        if let exit = test.exit { #expect(result.exit == exit) }
    }

    /// What the kernel sent for us or for itself is never taken for what the program did, nor the other way round.
    @Test("a signal that the program sends itself is its own", arguments: [9, 15, 6, 11, 1] as [Int32])
    func ownSignal(_ number: Int32) async throws {
        let result = try await Probe.run(["signal", "\(number)"])
        #expect(result.reasons.map(\.code) == [.signal])
        #expect(result.exit == .signaled(number))
    }

    @Test("an exit code is no signal, even where a shell would say so")
    func shellCode() async throws {
        let result = try await Probe.run(["exit", "137"])
        #expect(result.reasons.map(\.code) == [.nonzeroExit])
        #expect(result.exit == .exited(137))
    }

    @Test("a peak near the limit makes no memory reason of a signal that the program sent itself")
    func nearMemoryLimit() async throws {
        let result = try await Probe.run(["heap", "28"], limits: { $0.memoryBytes = 32 << 20 })
        #expect(result.outcome == .passed)
    }

    #if arch(x86_64)
        private static let priorityMax = "146"
    #else
        private static let priorityMax = "125"
    #endif

    @Test(
        "a forbidden call ends the program or fails, as its group says",
        arguments: [
            (SyscallRules.Action.kill, ProgramEnd.signaled(31), ReasonCode.syscallDenied),
            (.deny, .exited(1), .nonzeroExit), (.unimplemented, .exited(38), .nonzeroExit),
        ])
    func forbiddenCall(_ action: SyscallRules.Action, _ exit: ProgramEnd, _ reason: ReasonCode) async throws {
        let group = SyscallRules.Group(
            name: "forbidden", why: "this test", action: action, calls: ["sched_get_priority_max"])
        let result = try await Probe.run(["call", Self.priorityMax], policy: { $0.syscalls.groups.append(group) })
        #expect(result.exit == exit)
        #expect(result.reasons.map(\.code) == [reason])
    }

    @Test("the same call succeeds without the filter: nothing else stopped it")
    func forbiddenCallControl() async throws {
        let result = try await Probe.run(["call", Self.priorityMax], without: [.seccomp])
        #expect(result.outcome == .passed)
    }

    @Test("a program that the workspace lacks is the candidate's fault, one that the system lacks is ours")
    func missingPrograms() async throws {
        let own = try await TestSupervisor.run(["./program"])
        #expect(own.outcome == .failed)
        #expect(own.reasons.map(\.code) == [.artifactMissing])
        let system = try await TestSupervisor.run(["no-such-program"])
        #expect(system.outcome == .inconclusive)
        #expect(system.reasons.map(\.code) == [.sandboxSetupFailed])
    }
}
