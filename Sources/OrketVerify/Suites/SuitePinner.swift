package import OrketCore

/// Finds out which tests a suite has, by running it on a candidate that is known to be right.
package struct SuitePinner: Sendable {
    private let verifier: SuiteVerifier

    /// A pinner for the languages of `policies`.
    package init(sandbox: any SandboxRunner, policies: ToolchainPolicies, drivers: Drivers) {
        verifier = SuiteVerifier(sandbox: sandbox, policies: policies, drivers: drivers)
    }

    /// Ids in the order of the runner, or why they cannot be pinned: a suite that its own reference does not pass would refuse
    /// everybody. `outcome` is inconclusive when our side failed.
    package func pin(_ fixture: Fixture, _ body: SuiteBody) async -> Result<[String], Refusal> {
        let (files, tampering) = body.workspace
        if !tampering.isEmpty { return .failure(Refusal(outcome: .rejected, reasons: tampering)) }
        let product = await verifier.build(body, files)
        if let verdict = product?.verdict {
            return .failure(Refusal(outcome: verdict.outcome, reasons: verdict.reasons))
        }
        let observation = await verifier.observe(fixture, body, product?.files ?? files)
        let ids = observation.transcript.tests.map(\.id)
        // Judged by the tests that it has itself: what is left are tests that are no pass, and what the host saw.
        let (whole, _) = SuiteRules.verdict(pinned: ids, transcript: observation.transcript, run: observation.run)
        return whole.outcome == .passed
            ? .success(ids) : .failure(Refusal(outcome: whole.outcome, reasons: whole.reasons))
    }

    /// Why there is nothing to pin.
    package struct Refusal: Error, Sendable {
        package let outcome: Outcome
        package let reasons: [Reason]
    }
}

/// The file of pinned ids: one a line.
package enum PinnedTests {
    static let maximumBytes = 4 << 20
    static let maximumIDs = 10_000

    /// The text of the file.
    package static func text(_ ids: [String]) -> String { ids.map { $0 + "\n" }.joined() }

    /// The ids in `bytes`; a finding for each line that cannot be one.
    package static func read(_ bytes: [UInt8], file: String) throws(InvalidInput) -> [String] {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw InvalidInput([Finding(file: file, "no valid UTF-8")])
        }
        var findings: [Finding] = []
        var seen: Set<String> = []
        var ids: [String] = []
        let body = text.hasSuffix("\n") ? text.dropLast() : text[...]
        for (index, line) in body.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let id = String(line)
            if id.isEmpty {
                findings.append(Finding(file: file, line: index + 1, "an empty line; write one test id a line"))
            } else if SuiteTranscript.id(id) != id {
                findings.append(Finding(file: file, line: index + 1, "a test id with a control character"))
            } else if !seen.insert(id).inserted {
                findings.append(Finding(file: file, line: index + 1, "duplicate test id '\(id.jsonEscaped)'"))
            }
            ids.append(id)
        }
        if ids.count > maximumIDs { findings.append(Finding(file: file, "more than \(maximumIDs) test ids")) }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return ids
    }
}
