internal import OrketCore

/// How one stage of one issue ended: what child tasks of a run return. They throw nothing, so that no issue's failure ends
/// another one's work.
enum StageEnd: Sendable {
    /// Nil when it took too long.
    case worked(Int, Result<Delivery, WorkFailure>?, milliseconds: Int64)
    case verified(Int, Result<[EvidenceID], VerificationFailure>?, milliseconds: Int64)
    case concluded(Int, Conclusion)
    /// The time between two attempts is over, or the run stops.
    case waited(Int)
}

/// What became of a verified candidate.
enum Conclusion: Sendable {
    case accepted(VerifiedEvidence)
    case refused([GateReason])
    case rejected([String])
    case conflict([String])
    case unavailable(String)
    case cancelled
}

/// The bodies of child tasks.
struct Stages: Sendable {
    let parts: EngineParts
    let session: SessionID

    func work(_ number: Int, _ state: IssueState, attempt: Int) async -> StageEnd {
        let assignment = Assignment(
            issue: state.issue, build: state.stored.build, session: session, attempt: attempt,
            feedback: state.attempts.compactMap(\.result), wallMs: state.use.wallMsLeft(state.issue.budget))
        let worker = parts.worker
        let (result, elapsed) = await timed(assignment.wallMs) { () async -> Result<Delivery, WorkFailure> in
            do throws(WorkFailure) { return .success(try await worker.work(assignment)) } catch {
                return .failure(error)
            }
        }
        return .worked(number, result, milliseconds: elapsed)
    }

    func verify(_ number: Int, _ state: IssueState, _ attempt: IssueAttempt, _ candidate: HexDigest) async -> StageEnd {
        let job = VerificationJob(
            issue: state.issue, candidate: candidate, attempt: attempt.number,
            wallMs: state.use.verificationMsLeft(state.issue.budget))
        let verifier = parts.verifier
        let (result, elapsed) = await timed(job.wallMs) { () async -> Result<[EvidenceID], VerificationFailure> in
            do throws(VerificationFailure) { return .success(try await verifier.verify(job)) } catch {
                return .failure(error)
            }
        }
        return .verified(number, result, milliseconds: elapsed)
    }

    /// Asks the gate, then the reviewer, then puts the candidate into the result.
    func conclude(
        _ number: Int, _ state: IssueState, _ attempt: IssueAttempt, _ candidate: HexDigest, _ evidence: [EvidenceID]
    ) async -> StageEnd {
        do throws(VerificationFailure) {
            let ruling = try await parts.gate.rule(
                on: state.issue, candidate: candidate, evidence: evidence, at: parts.clock.now)
            switch ruling {
            case .refused(let reasons): return .concluded(number, .refused(reasons))
            case .accepted(let token):
                if case .rejected(let reasons)? = try await parts.reviewer?.review(state.issue, candidate: candidate) {
                    return .concluded(number, .rejected(reasons))
                }
                return .concluded(number, await integrate(state, attempt, candidate) ?? .accepted(token))
            }
        } catch .unavailable(let sentence) {
            return .concluded(number, .unavailable(sentence))
        } catch {
            return .concluded(number, .cancelled)
        }
    }

    private func integrate(_ state: IssueState, _ attempt: IssueAttempt, _ candidate: HexDigest) async -> Conclusion? {
        guard let integrator = parts.integrator else { return nil }
        parts.witness?.reached(.integrated, written: false, subject: state.id.text)
        do throws(IntegrationFailure) {
            try await integrator.integrate(candidate, of: state.id, attempt: attempt.number, into: state.stored.build)
            parts.witness?.reached(.integrated, written: true, subject: state.id.text)
            return nil
        } catch .conflict(let reasons) {
            return .conflict(reasons)
        } catch .unavailable(let sentence) {
            return .unavailable(sentence)
        } catch {
            return .cancelled
        }
    }

    /// Waits between two attempts; returns early when the run stops.
    func wait(_ number: Int, milliseconds: Int64) async -> StageEnd {
        do throws(CancellationError) { try await parts.clock.sleep(milliseconds: milliseconds) } catch {}
        return .waited(number)
    }

    private func timed<Value: Sendable>(
        _ milliseconds: Int64, _ body: @escaping @Sendable () async -> Value
    ) async -> (Value?, Int64) {
        let start = parts.clock.steadyMs
        let value = await Deadline.within(milliseconds, parts.clock, body)
        return (value, max(0, parts.clock.steadyMs - start))
    }
}
