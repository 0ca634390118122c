import OrketCore
import Testing

@Suite("Outcomes and reasons")
struct OutcomeTests {
    @Test("the exit status of each outcome is the one that scripts rely on")
    func exitCodes() {
        let codes = Outcome.allCases.map { ($0.rawValue, $0.exitCode) }
        #expect(codes.map(\.0) == ["passed", "failed", "rejected", "inconclusive", "cancelled"])
        #expect(codes.map(\.1) == [0, 1, 4, 3, 130])
    }

    @Test("only an exit with status 0 is a success")
    func exitStatus() {
        #expect(ExitStatus.exited(0).isSuccess)
        for status in [ExitStatus.exited(1), .exited(255), .exited(-1), .signaled(9), .signaled(0)] {
            #expect(!status.isSuccess)
        }
        #expect(ExitStatus.exited(9) != .signaled(9))
    }

    @Test("the reason codes are closed, and their order is the precedence")
    func precedence() {
        let names = """
            cancelled sandbox_setup_failed degraded_isolation supervisor_lost_child host_resource unproven_fixture \
            policy_weakened stale_evidence scope_violation tampered_tests result_channel_forged artifact_rejected compile_error \
            syscall_denied memory output_limit file_size disk_quota inode_quota process_limit cpu_time idle_time wall_time \
            signal nonzero_exit artifact_missing no_tests_ran all_skipped missing_expected_test unexpected_test result_mismatch \
            wrong_output nondeterministic
            """.split(separator: " ").map(String.init)
        #expect(ReasonCode.allCases.map(\.rawValue) == names)
        #expect(ReasonCode.allCases.shuffled().sorted() == ReasonCode.allCases)
        #expect(ReasonCode.allCases.map(\.rank) == Array(0..<names.count))
    }

    @Test(
        "what is nearer to the cause wins over what follows from it",
        arguments: [
            (.sandboxSetupFailed, .wrongOutput), (.supervisorLostChild, .signal), (.hostResource, .memory),
            (.memory, .signal), (.outputLimit, .signal), (.fileSize, .signal), (.processLimit, .nonzeroExit),
            (.diskQuota, .nonzeroExit), (.cpuTime, .wallTime), (.signal, .nonzeroExit), (.nonzeroExit, .wrongOutput),
            (.artifactRejected, .nonzeroExit), (.tamperedTests, .wrongOutput), (.syscallDenied, .signal),
        ] as [(ReasonCode, ReasonCode)])
    func winner(cause: ReasonCode, effect: ReasonCode) {
        #expect(cause < effect)
        #expect([effect, cause].min() == cause)
    }

    @Test("a reason is the host's word unless it says otherwise")
    func source() {
        #expect(Reason(.memory, "").source == .host)
        #expect(ReasonSource.host.rawValue == "host")
        #expect(ReasonSource.selfReported.rawValue == "self_reported")
    }

    @Test("a finding names file, line and column, and a column never without its line")
    func findings() {
        #expect(Finding(file: "a", "bad").description == "a: bad")
        #expect(Finding(file: "a", line: 3, "bad").description == "a:3: bad")
        #expect(Finding(file: "a", line: 3, column: 7, "bad").description == "a:3:7: bad")
        #expect(Finding(file: "a", column: 7, "bad").description == "a: bad")
        let both = InvalidInput([Finding(file: "a", "x"), Finding(file: "b", "y")])
        #expect(both.description == "a: x\nb: y")
    }
}
