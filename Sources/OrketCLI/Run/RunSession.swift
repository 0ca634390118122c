import Glibc
import OrketCore
import OrketSandbox
import OrketSystem
import OrketVerify
import Synchronization

/// One `orket run`, from the prepared request to the exit code.
///
/// Three threads work on it: the caller's, suspended; the monitor of the supervisor, which hands over output; one that
/// waits for signals. What they share is the `Interruption`, the control of the run, and the queue of the output.
final class RunSession: Sendable {
    private struct State {
        var interruption = Interruption()
        var control: RunControl?
        var live: LiveOutput?
    }

    private let preparation: RunPreparation
    private let json: Bool
    private let state = Mutex(State())

    init(_ preparation: RunPreparation, json: Bool) {
        self.preparation = preparation
        self.json = json
    }

    /// Runs, reports, takes everything down; the exit code of the contract.
    func run() async -> Int32 {
        Process.ignoreStreamSignals()
        do {
            try SignalWatch.start(Interruption.endings + Interruption.messages) { [self] in handle($0) }
            let supervisor = try await Supervisor()
            let live = json ? nil : LiveOutput()
            state.withLock { $0.live = live }
            let result: Result<RunResult, SandboxError>
            do throws(SandboxError) {
                result = .success(try await supervisor.run(request(live), policy: preparation.policy))
            } catch {
                result = .failure(error)
            }
            state.withLock { $0.interruption.ended() }
            await live?.finish()
            await supervisor.shutdown()
            return report(try result.get(), live?.failure)
        } catch let error as SandboxError where error.code == .badRequest {
            Console.talk("orket: \(TerminalText.escape(error.description))\n")
            return 2
        } catch let error as SandboxError {
            return report(refused(error), nil)
        } catch {
            return report(refused(SandboxError(.system, "\(error)")), nil)
        }
    }

    private func request(_ live: LiveOutput?) -> RunRequest {
        var request = preparation.request
        if let live {
            request.keepHeadBytes = 0
            request.keepTailBytes = 0
            request.onOutput = { live.pass($0, $1) }
        }
        request.onStart = { [self] control in
            let action = state.withLock { state in
                state.control = control
                return state.interruption.started()
            }
            live?.attach(control)
            perform(action)
        }
        return request
    }

    // MARK: - Signals

    private var control: RunControl? { state.withLock { $0.control } }

    private func handle(_ event: SignalWatch.Event) -> UInt32? {
        let action = state.withLock { state in
            switch event {
            case .signal(let number): state.interruption.received(number)
            case .alarm: state.interruption.graceEnded()
            }
        }
        perform(action)
        switch action {
        case .forwardAndWait, .kill: return Interruption.graceMs
        default: return nil
        }
    }

    private func perform(_ action: Interruption.Action) {
        switch action {
        case .nothing: break
        case .forward(let number), .forwardAndWait(let number): control?.signal(number)
        case .kill: control?.cancel()
        case .abandonOutput: state.withLock { $0.live }?.abandon()
        case .endProcess(let number): Process.end(bySignal: number)
        }
    }

    // MARK: - Results

    /// Orket could not do its work: nothing was run, and no result may look like the program's.
    private func refused(_ error: SandboxError) -> RunResult {
        let code: ReasonCode = error.code == .unsupportedHost ? .degradedIsolation : .sandboxSetupFailed
        return RunResult(
            outcome: .inconclusive, reasons: [Reason(code, error.description)], limits: preparation.policy.limits)
    }

    private func report(_ observed: RunResult, _ failure: LiveOutput.Failure?) -> Int32 {
        var result = observed
        if let failure { result.add(failure) }
        var written: [RunReport.WrittenOutput] = []
        for output in preparation.outputs {
            guard let collected = result.outputs.first(where: { $0.path == output.path }) else { continue }
            do {
                try output.write(collected)
                written.append(
                    .init(
                        path: output.path, file: output.file, bytes: collected.bytes.count,
                        sha256: Digest.hex(of: collected.bytes)))
            } catch {
                result.add(.inconclusive, Reason(.hostResource, "output \(output.path): \(error)"))
            }
        }
        // Last: whatever else happened, the user ended it.
        if let signal = state.withLock({ $0.interruption.signal }) {
            result.add(.cancelled, Reason(.cancelled, "interrupted by \(Process.signalName(signal))"))
        }
        let report = RunReport(result, outputs: written)
        if json { Console.result(report.json.text + "\n") } else { Console.talk(report.summary) }
        return result.outcome.exitCode
    }
}

extension RunResult {
    /// Our stream failed, so what the program wrote did not arrive: that is no pass.
    fileprivate mutating func add(_ failure: LiveOutput.Failure) {
        if failure.isBrokenPipe {
            add(.cancelled, Reason(.cancelled, "nobody reads \(failure.stream.rawValue) any more"))
        } else {
            let text = SystemError.text(failure.errno)
            add(.inconclusive, Reason(.hostResource, "\(failure.stream.rawValue) cannot be written: \(text)"))
        }
    }

    /// The outcome changes, and its reason comes first; the supervisor's word for the same thing goes.
    fileprivate mutating func add(_ outcome: Outcome, _ reason: Reason) {
        self.outcome = outcome
        reasons = [reason] + reasons.filter { $0.code != .cancelled }
    }
}
