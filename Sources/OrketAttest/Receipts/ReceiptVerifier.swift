package import OrketCore

/// Checks a receipt offline: bytes, trusted keys and expected digests in, every problem out. Nothing of a statement is read
/// before its signature was found good, and only the signed bytes are read.
package struct ReceiptVerifier: Sendable {
    /// What the receipt must be about; nil where any will do.
    package struct Expectation: Sendable, Hashable {
        package var candidate: HexDigest?
        package var fixture: HexDigest?
        package var policy: HexDigest?

        /// Expects nothing yet.
        package init() {}
    }

    /// Largest receipt that is read, bytes.
    package static let maximumBytes = 2 << 20
    /// Most lines: twice what the largest receipt has.
    private static let maximumLines = 4

    private let trusted: [PublicKey]
    private let expected: Expectation
    private let acceptsReencoding: Bool

    /// A verifier that trusts `keys`, each alike. `acceptsReencoding` true takes envelopes that another tool has written
    /// anew, with other blanks, fields or base64.
    package init(trusting keys: [PublicKey], expecting: Expectation = Expectation(), acceptsReencoding: Bool = false) {
        trusted = keys.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
        expected = expecting
        self.acceptsReencoding = acceptsReencoding
    }

    /// Every problem of a receipt, and what it says when its own content is sound: a claim comes with `stale_evidence` and
    /// `reencoded`, and with no other problem.
    package struct Result: Sendable, Hashable {
        package let problems: [ReceiptProblem]
        package let claim: ReceiptClaim?
    }

    /// Checks the content of one file.
    package func verify(_ bytes: [UInt8]) -> Result {
        if bytes.count > Self.maximumBytes {
            return Result(
                problems: [ReceiptProblem(.malformed, "larger than \(Self.maximumBytes) bytes")], claim: nil)
        }
        let lines = lines(bytes)
        if lines.isEmpty || lines.count > Self.maximumLines {
            let detail = lines.isEmpty ? "it is empty" : "more than \(Self.maximumLines) lines"
            return Result(problems: [ReceiptProblem(.malformed, detail)], claim: nil)
        }
        var problems: [ReceiptProblem] = []
        var statements: [SignedStatement] = []
        for (number, line) in lines {
            do { statements.append(try read(line, number)) } catch { problems.append(error) }
        }
        guard problems.isEmpty else { return Result(problems: problems, claim: nil) }
        if !acceptsReencoding, statements.flatMap(\.asWritten) != bytes {
            problems.append(ReceiptProblem(.reencoded, "these are not the bytes that Orket writes for this content"))
        }
        do throws(ReceiptProblem) {
            let claim = try ReceiptReading(statements, receipt: HexDigest(sha256: bytes)).claim()
            return Result(problems: problems + stale(claim), claim: claim)
        } catch {
            return Result(problems: problems + [error], claim: nil)
        }
    }

    /// Lines with their numbers, without blank ones. A file that is one document as a whole may have newlines within it.
    private func lines(_ bytes: [UInt8]) -> [(number: Int, bytes: [UInt8])] {
        if acceptsReencoding, (try? StrictJSON.parse(bytes)) != nil { return [(1, bytes)] }
        return bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
            .map { ($0.offset + 1, Array($0.element)) }.filter { !$0.1.isEmpty }
    }

    private func read(_ line: [UInt8], _ number: Int) throws(ReceiptProblem) -> SignedStatement {
        let envelope: Envelope
        do { envelope = try Envelope(decoding: line) } catch {
            throw ReceiptProblem(.malformed, line: number, error.message)
        }
        guard let payload = envelope.verified(by: trusted) else {
            throw ReceiptProblem(.untrusted, line: number, "no signature of a trusted key over this payload")
        }
        do {
            return SignedStatement(
                line: number, envelope: envelope, payload: payload, statement: try Statement(payload))
        } catch { throw ReceiptProblem(.unknownStatement, line: number, error.message) }
    }

    private func stale(_ claim: ReceiptClaim) -> [ReceiptProblem] {
        let pairs: [(String, HexDigest?, HexDigest?)] = [
            ("candidate", expected.candidate, claim.candidate.digest), ("fixture", expected.fixture, claim.fixture),
            ("policy", expected.policy, claim.policy),
        ]
        return pairs.compactMap { role, expected, found in
            guard let expected, expected != found else { return nil }
            return ReceiptProblem(
                .staleEvidence, "\(role): expected \(expected), the receipt is of \(found?.text ?? "no single one")")
        }
    }
}

/// One line of a receipt whose signature is good.
struct SignedStatement {
    let line: Int
    let envelope: Envelope
    let payload: VerifiedPayload
    let statement: Statement

    /// The line as Orket writes it: one signature, under the id of the key that made it.
    var asWritten: [UInt8] {
        let ids = payload.signers.map(\.id.text)
        guard envelope.signatures.count == 1, let id = envelope.signatures[0].keyID, ids.contains(id) else { return [] }
        return envelope.bytes + [UInt8(ascii: "\n")]
    }
}
