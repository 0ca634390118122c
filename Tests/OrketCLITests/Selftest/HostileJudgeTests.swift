import OrketCLI
import OrketCore
import Testing

/// Two observations in, verdict out.
@Suite("Judging hostile programs")
struct HostileJudgeTests {
    private static func program(
        _ expectation: HostileProgram.Expectation = .blocked, _ control: HostileProgram.Control = .host,
        outputs: [OutputFile] = [], watches: Bool = false
    ) throws -> HostileProgram {
        let text = """
            /*
             * orket-hostile
             * title: t
             * category: kernel
             * expect: blocked
             * control: host
             */
            """
        var program = try HostileHeader.parse(text, name: "kernel/probe.c", file: "probe.c")
        program.expectation = expectation
        program.control = control
        program.outputs = outputs
        program.watchesSurvivor = watches
        return program
    }

    private static func ended(_ code: Int32, _ reasons: ReasonCode...) -> HostileObservation {
        HostileObservation(
            outcome: code == 0 ? .passed : .failed, reasons: code == 0 ? [] : reasons + [.nonzeroExit],
            exit: .exited(code), text: "text")
    }

    private static func stopped(_ reason: ReasonCode) -> HostileObservation {
        HostileObservation(outcome: .failed, reasons: [reason])
    }

    private static func verdict(
        _ program: HostileProgram, _ hostile: HostileObservation, _ control: HostileObservation?
    ) -> HostileVerdict { HostileJudge.judge(program, hostile: hostile, control: control).verdict }

    private static let lost = HostileObservation(outcome: .inconclusive, reasons: [.sandboxSetupFailed])

    @Test("a blocked attack counts only when its control run succeeds")
    func blocked() throws {
        let program = try Self.program()
        #expect(Self.verdict(program, Self.ended(0), Self.ended(10)) == .held)
        #expect(Self.verdict(program, Self.ended(0), Self.ended(0)) == .unproved)
        #expect(Self.verdict(program, Self.ended(0), nil) == .unproved)
        #expect(Self.verdict(program, Self.stopped(.syscallDenied), Self.ended(10)) == .held)
        #expect(Self.verdict(program, Self.stopped(.memory), Self.ended(10)) == .unexpected)
    }

    @Test("an attack that succeeds is an escape, whatever its control run says")
    func escaped() throws {
        let program = try Self.program()
        #expect(Self.verdict(program, Self.ended(10), Self.ended(10)) == .escaped)
        var survivor = Self.ended(0)
        survivor.survivors = 1
        #expect(Self.verdict(program, survivor, Self.ended(10)) == .escaped)
        var leak = Self.ended(0)
        leak.leaksToken = true
        #expect(Self.verdict(program, leak, Self.ended(10)) == .escaped)
    }

    @Test("what did not run proves nothing, in either of the two runs")
    func broken() throws {
        let program = try Self.program()
        #expect(Self.verdict(program, Self.lost, Self.ended(10)) == .broken)
        #expect(Self.verdict(program, Self.ended(0), Self.lost) == .broken)
        #expect(Self.verdict(program, Self.ended(99), Self.ended(10)) == .broken)
        #expect(Self.verdict(program, Self.ended(0), Self.ended(99)) == .broken)
        #expect(Self.verdict(program, Self.ended(77), Self.ended(10)) == .skipped)
        #expect(Self.verdict(program, Self.ended(0), Self.ended(77)) == .skipped)
    }

    @Test("a limit is proved by its own reason, and by the attack's success under a larger one")
    func limit() throws {
        let program = try Self.program(.reason(.memory), .limits(["memory=1GiB"], reason: nil))
        #expect(Self.verdict(program, Self.stopped(.memory), Self.ended(10)) == .held)
        #expect(Self.verdict(program, Self.stopped(.cpuTime), Self.ended(10)) == .unexpected)
        let below = try Self.program(.passed, .limits(["memory=1MiB"], reason: .memory))
        #expect(Self.verdict(below, Self.ended(0), Self.stopped(.memory)) == .held)
        #expect(Self.verdict(below, Self.ended(0), Self.ended(0)) == .unproved)
        #expect(Self.verdict(below, Self.stopped(.memory), Self.stopped(.memory)) == .unexpected)
    }

    @Test("only where the host has no cgroup may a process limit show as the program's own failure")
    func silentProcessLimit() throws {
        var program = try Self.program(.reason(.processLimit), .limits(["pids=400"], reason: nil))
        #expect(Self.verdict(program, Self.ended(1), Self.ended(10)) == .unexpected)
        program.isProcessLimitSilent = true
        #expect(Self.verdict(program, Self.ended(1), Self.ended(10)) == .held)
        #expect(Self.verdict(program, Self.stopped(.processLimit), Self.ended(10)) == .held)
        #expect(Self.verdict(program, Self.stopped(.memory), Self.ended(10)) == .unexpected)
    }

    @Test("a survivor on the bare host proves that there was something to survive")
    func survivor() throws {
        let program = try Self.program(.passed, .host, watches: true)
        var control = Self.ended(0)
        #expect(Self.verdict(program, Self.ended(0), control) == .unproved)
        control.survivors = 1
        #expect(Self.verdict(program, Self.ended(0), control) == .held)
    }

    @Test("an honest twin must pass and deliver what the hostile one was refused")
    func honest() throws {
        let program = try Self.program(
            .reason(.artifactRejected), .honest, outputs: [OutputFile(path: "result", maximumBytes: 10)])
        var refused = Self.ended(0)
        (refused.outcome, refused.reasons) = (.rejected, [.artifactRejected])
        var delivered = Self.ended(0)
        #expect(Self.verdict(program, refused, delivered) == .unproved)
        delivered.collected = 1
        #expect(Self.verdict(program, refused, delivered) == .held)
    }
}
