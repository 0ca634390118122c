import OrketAttest
import OrketCore
import OrketVerify

/// A head of the chain that was kept elsewhere, with who signed it.
struct SignedHead {
    let length: Int64
    let hash: HexDigest
    let signer: HexDigest

    /// What a file says, when a trusted key signed it.
    enum Reading {
        case signed(SignedHead)
        /// Why it counts for nothing.
        case untrusted(String)
    }

    /// Reads `file`. Trusted are `keys`, files or hexadecimal digits, else the keys of this user. Throws findings of files that
    /// cannot be read.
    static func read(_ file: String, keys: [String]) throws(InvalidInput) -> Reading {
        let bytes = try HostFile.contents(file, maximumBytes: Envelope.maximumBytes)
        var trusted: [PublicKey] = []
        if keys.isEmpty {
            let directory = try LastingState.directory() + "/keys"
            do throws(AttestError) { trusted = try KeyStore(directory: directory).publicKeys() } catch {
                throw InvalidInput([Finding(file: directory, error.message)])
            }
        } else {
            trusted = try ReceiptInput.keys(keys)
        }
        if trusted.isEmpty {
            throw InvalidInput([Finding(file: "--key", "missing: this user has no key, and none is named")])
        }
        do throws(AttestError) {
            let line = bytes.last == UInt8(ascii: "\n") ? Array(bytes.dropLast()) : bytes
            let envelope = try Envelope(decoding: line)
            guard let payload = envelope.verified(by: trusted), let signer = payload.signers.first else {
                return .untrusted("the head has no signature of a trusted key")
            }
            let head = try ChainHead(payload)
            return .signed(SignedHead(length: head.length, hash: head.hash, signer: signer.id))
        } catch {
            return .untrusted("the head is none: \(error.message)")
        }
    }
}
