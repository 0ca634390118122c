import OrketAttest
import OrketCore
import OrketVerify

/// What a receipt is checked with, as it was typed.
struct ReceiptInput {
    /// Files or hexadecimal digits.
    var keys: [String]
    var candidate: String?
    var fixture: String?
    var policy: String?
    var acceptsReencoding: Bool

    /// Most trusted keys: each is tried on each signature.
    private static let maximumKeys = 64
    /// Bytes of a key file.
    private static let maximumKeyFile = 64 << 10

    /// Reads the keys; throws everything that is wrong at once.
    func verifier() throws(InvalidInput) -> ReceiptVerifier {
        var findings: [Finding] = []
        var trusted: [PublicKey] = []
        do throws(InvalidInput) { trusted = try Self.keys(keys, isRequired: true) } catch { findings = error.findings }
        func digest(_ option: String, _ text: String?) -> HexDigest? {
            guard let text else { return nil }
            let digits = text.hasPrefix("sha256:") ? String(text.dropFirst(7)) : text
            if let digest = HexDigest(digits.lowercased()) { return digest }
            findings.append(
                Finding(file: option, "\(CanonicalText.quote(text)) is no SHA-256; write 64 hexadecimal digits"))
            return nil
        }
        var expected = ReceiptVerifier.Expectation()
        expected.candidate = digest("--candidate-digest", candidate)
        expected.fixture = digest("--fixture-digest", fixture)
        expected.policy = digest("--policy-digest", policy)
        if !findings.isEmpty { throw InvalidInput(findings) }
        return ReceiptVerifier(trusting: trusted, expecting: expected, acceptsReencoding: acceptsReencoding)
    }

    /// The keys of `--key`: files or hexadecimal digits. Throws everything that is wrong with them.
    static func keys(_ names: [String], isRequired: Bool = false) throws(InvalidInput) -> [PublicKey] {
        var findings: [Finding] = []
        var trusted: [PublicKey] = []
        for name in names {
            do throws(InvalidInput) { trusted += try read(name) } catch { findings += error.findings }
        }
        if names.isEmpty, isRequired {
            findings.append(Finding(file: "--key", "missing: a receipt is only as good as the key that you trust"))
        }
        if trusted.count > maximumKeys {
            findings.append(Finding(file: "--key", "\(trusted.count) keys, at most \(maximumKeys)"))
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return trusted
    }

    private static func read(_ key: String) throws(InvalidInput) -> [PublicKey] {
        if HexDigest(key.lowercased()) != nil, let keys = try? PublicKey.read(key) { return keys }
        let text = String(decoding: try HostFile.contents(key, maximumBytes: maximumKeyFile), as: UTF8.self)
        do throws(AttestError) { return try PublicKey.read(text) } catch {
            throw InvalidInput([Finding(file: key, error.message)])
        }
    }
}
