import OrketAttest
import OrketCore

/// What a command of the gate says.
struct GateReport {
    private let decision: GateDecision
    private let status: CardStatus
    /// Where the signed decision lies; nil where none was signed.
    private let file: String?

    init(_ decision: GateDecision, status: CardStatus, file: String?) {
        self.decision = decision
        self.status = status
        self.file = file
    }

    private var isAccepted: Bool { decision.ruling.evidence != nil }

    /// 0 accepted, 4 refused.
    var exitCode: Int32 { isAccepted ? 0 : Outcome.rejected.exitCode }

    func print(json: Bool) { Console.result(json ? self.json.text + "\n" : text) }

    /// For people: the answer first, then every reason with what to do.
    private var text: String {
        let question = decision.question
        var text = "\(question.issue): \(isAccepted ? "accepted" : "refused"), \(status.rawValue)\n"
        text += "  candidate \(question.candidate)\n"
        if case .waiver(let waiver)? = decision.ruling.evidence?.basis {
            text += "  waived by \(TerminalText.escape(waiver.person)) until \(waiver.expiresAt.seconds): "
            text += "\(TerminalText.escape(waiver.reason))\n"
        }
        for reason in isAccepted ? decision.objections : decision.ruling.reasons {
            text += "  \(reason.code.rawValue): \(TerminalText.escape(reason.fixture.map { "\($0): " } ?? ""))"
            text += "\(TerminalText.escape(reason.detail)); \(TerminalText.escape(reason.repair))\n"
        }
        if let file { text += "  decision \(TerminalText.escape(file))\n" }
        return text
    }

    /// `orket.gate/1`.
    private var json: JSONValue {
        let question = decision.question
        let reasons = (isAccepted ? decision.objections : decision.ruling.reasons).map { reason in
            JSONValue.record([
                "code": .string(reason.code.rawValue), "fixture": reason.fixture.map(JSONValue.string) ?? .null,
                "detail": .string(reason.detail), "repair": .string(reason.repair),
            ])
        }
        let fixtures = question.fixtures.map { fixture in
            JSONValue.record([
                "name": .string(fixture.name), "digest": .string(fixture.digest.text),
                "policy": .string(fixture.policy.text),
            ])
        }
        return .object([
            .init("schema", .string("orket.gate/1")), .init("issue", .string(question.issue.text)),
            .init("result", .string(isAccepted ? "accepted" : "refused")), .init("status", .string(status.rawValue)),
            .init("candidate", .string(question.candidate.text)), .init("policy", .string(question.policyDigest.text)),
            .init("fixtures", .array(fixtures)), .init("reasons", .array(reasons)),
            .init("evidence", decision.ruling.evidence.map(Success.evidence) ?? .null),
            .init("decision", file.map(JSONValue.string) ?? .null),
        ])
    }
}
