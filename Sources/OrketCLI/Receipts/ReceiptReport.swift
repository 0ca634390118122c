import OrketAttest
import OrketCore
import OrketVerify

/// What the check of some receipts showed, as text for people and as `orket.receipt-verification/1`.
struct ReceiptReport {
    private let receipts: [(file: String, result: ReceiptVerifier.Result)]

    /// Reads all files before it checks the first; throws every finding at once.
    init(files: [String], input: ReceiptInput) throws(InvalidInput) {
        var findings: [Finding] = []
        var contents: [(String, [UInt8])] = []
        for file in files {
            do throws(InvalidInput) {
                contents.append((file, try HostFile.contents(file, maximumBytes: ReceiptVerifier.maximumBytes)))
            } catch { findings += error.findings }
        }
        var verifier = ReceiptVerifier(trusting: [])
        do throws(InvalidInput) { verifier = try input.verifier() } catch { findings += error.findings }
        if !findings.isEmpty { throw InvalidInput(findings) }
        receipts = contents.map { ($0, verifier.verify($1)) }
    }

    private var isGood: Bool { receipts.allSatisfy(\.result.problems.isEmpty) }

    /// 4 when a receipt is refused. Else 0, or the gravest outcome's where all must say `passed`.
    func exitCode(requiringPassed: Bool) -> Int32 {
        if !isGood { return Outcome.rejected.exitCode }
        if !requiringPassed { return 0 }
        return receipts.map { ($0.result.claim?.outcome ?? .inconclusive).exitCode }.max() ?? 0
    }

    /// A line for each good receipt.
    var text: String {
        receipts.filter(\.result.problems.isEmpty).compactMap { file, result in
            result.claim.map { claim in
                let about = "\(TerminalText.escape(claim.candidate.name)) sha256:\(claim.candidate.digest)"
                let keys = claim.signers.map { "\($0.id)" }.joined(separator: ", ")
                return "\(TerminalText.escape(file)): good: \(claim.outcome.rawValue), \(about), signed by \(keys)\n"
            }
        }.joined()
    }

    /// A line for each problem.
    var talk: String {
        receipts.flatMap { file, result in
            result.problems.map { problem in
                let place = problem.line.map { "\(file):\($0)" } ?? file
                return
                    "orket: \(TerminalText.escape(place)): \(problem.code.rawValue): \(TerminalText.escape(problem.detail))\n"
            }
        }.joined()
    }

    /// One JSON object, described in docs/formats/receipt-verification.schema.json.
    var json: JSONValue {
        let receipts = receipts.map { file, result in
            JSONValue.record([
                "file": .string(file), "good": .bool(result.problems.isEmpty),
                "problems": .array(result.problems.map(Self.json)), "claim": result.claim.map(Self.json) ?? .null,
            ])
        }
        return .record([
            "schema": .string("orket.receipt-verification/1"), "good": .bool(isGood), "receipts": .array(receipts),
        ])
    }

    private static func json(_ problem: ReceiptProblem) -> JSONValue {
        .record([
            "code": .string(problem.code.rawValue), "line": problem.line.map { .integer(Int64($0)) } ?? .null,
            "detail": .string(problem.detail),
        ])
    }

    private static func json(_ claim: ReceiptClaim) -> JSONValue {
        .record([
            "kind": .string(claim.kind.rawValue),
            "candidate": .record([
                "name": .string(claim.candidate.name), "sha256": .string(claim.candidate.digest.text),
            ]),
            "fixture": claim.fixture.map { .string($0.text) } ?? .null, "policy": .string(claim.policy.text),
            "outcome": .string(claim.outcome.rawValue),
            "assurance": claim.assurance.map { .string($0.rawValue) } ?? .null,
            "level": claim.level.map { .integer(Int64($0.rawValue)) } ?? .null, "receipt": .string(claim.receipt.text),
            "signers": .array(claim.signers.map { .string($0.id.text) }),
        ])
    }
}
