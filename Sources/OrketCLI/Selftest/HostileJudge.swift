import OrketCore

/// Two observations in, verdict out. Pure.
package enum HostileJudge {
    /// Exit codes by which the programs report, as in `hostile.h`.
    private enum Code {
        static let blocked: Int32 = 0
        static let escaped: Int32 = 10
        static let notApplicable: Int32 = 77
        static let broken: Int32 = 99
    }

    /// The verdict and one sentence for people. `control` is nil when the hostile run alone decides already.
    package static func judge(
        _ program: HostileProgram, hostile: HostileObservation, control: HostileObservation?
    ) -> (verdict: HostileVerdict, detail: String) {
        if let (verdict, detail) = problem(program, hostile) { return (verdict, detail) }
        guard let control else { return (.unproved, "no control run") }
        if control.outcome == .inconclusive || control.outcome == .cancelled {
            return (.broken, "control run: \(control.ending): \(control.text)")
        }
        if control.exit == .exited(Code.notApplicable) { return (.skipped, control.text) }
        if control.exit == .exited(Code.broken) { return (.broken, "control run: \(control.text)") }
        if proves(program, control) { return (.held, hostile.text.isEmpty ? hostile.ending : hostile.text) }
        return (.unproved, "control run: \(control.ending): \(control.text)")
    }

    /// True for a line that a program ends with, as `finish` in `hostile.h` writes it.
    package static func isReport(_ line: String) -> Bool {
        ["blocked: ", "stopped: ", "escaped: ", "not applicable: ", "broken: "].contains { line.hasPrefix($0) }
    }

    /// What is wrong with the hostile run; nil when it ended as promised.
    package static func problem(
        _ program: HostileProgram, _ run: HostileObservation
    ) -> (verdict: HostileVerdict, detail: String)? {
        if run.survivors > 0 { return (.escaped, "\(run.survivors) processes survived the run") }
        if run.leaksToken { return (.escaped, "a collected output holds the canary's token") }
        if run.exit == .exited(Code.escaped) { return (.escaped, run.text) }
        if run.outcome == .inconclusive || run.outcome == .cancelled { return (.broken, "\(run.ending): \(run.text)") }
        if run.exit == .exited(Code.notApplicable) { return (.skipped, run.text) }
        if run.exit == .exited(Code.broken) { return (.broken, run.text) }
        return isAsPromised(program, run) ? nil : (.unexpected, "\(run.ending): \(run.text)")
    }

    private static func isAsPromised(_ program: HostileProgram, _ run: HostileObservation) -> Bool {
        switch program.expectation {
        case .passed: run.outcome == .passed
        case .reason(let code): program.fits(code, run.reasons.first)
        case .blocked:
            // A collector that refuses what is left behind stops the attack as well as a failing call does.
            run.reasons.first == .syscallDenied
                || run.exit == .exited(Code.blocked) && run.reasons.allSatisfy { $0 == .artifactRejected }
        }
    }

    private static func proves(_ program: HostileProgram, _ control: HostileObservation) -> Bool {
        if program.watchesSurvivor, program.control == .host { return control.survivors > 0 }
        switch program.control {
        case .honest: return control.outcome == .passed && control.collected == program.outputs.count
        case .limits(_, let reason?): return program.fits(reason, control.reasons.first)
        case .limits(_, nil), .without, .host: return control.exit == .exited(Code.escaped)
        }
    }
}
