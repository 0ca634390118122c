internal import OrketCore
internal import OrketSystem

/// The directory with the one key that signs here and the public halves of all that ever did:
///
///     signing.key     PKCS #8 in PEM, mode 0600
///     <key id>.pub    SubjectPublicKeyInfo in PEM, one for each key
///
/// The directory is this user's alone. A key file that others may read, a link, or a file with a second name is refused:
/// a key that someone else may know signs nothing.
package struct KeyStore: Sendable {
    /// Absolute.
    package let directory: String

    /// The store in `directory`, which need not exist yet.
    package init(directory: String) { self.directory = directory }

    private var keyFile: String { directory + "/signing.key" }
    /// Bytes of a key file: far more than the format needs.
    private static let limit = 4_096

    /// The key that signs; nil when there is none yet.
    package func current() throws(AttestError) -> SigningKey? {
        guard Files.exists(directory) else { return nil }
        try requireOwnDirectory()
        switch try system({ () throws(SystemError) in try Files.readPrivate(keyFile, limit: Self.limit) }) {
        case .missing: return nil
        case .refused(let why):
            throw AttestError(
                .key, "\(keyFile) \(why), so it may not sign; remove it, or make it a file of mode 0600 that is yours")
        case .bytes(let bytes):
            do {
                let key = try SigningKey(pem: String(decoding: bytes, as: UTF8.self))
                try keepPublicKey(key.publicKey)
                return key
            } catch { throw AttestError(error.code, "\(keyFile): \(error.message)") }
        }
    }

    /// The key that signs; made when there is none. Of several processes that start at once, all get the same one.
    package func currentOrNew() throws(AttestError) -> SigningKey {
        if let key = try current() { return key }
        do { try write(SigningKey(), replaces: false) } catch  where error.errno == SystemError.EEXIST {
            // Another process was first: its key is the key.
        } catch { throw AttestError(.key, "no key can be made: \(error)") }
        guard let key = try current() else { throw AttestError(.key, "\(keyFile) is gone again") }
        return key
    }

    /// Puts a new key in the place of the one that signs. The old private half is gone; its public half stays, so that
    /// older receipts can still be checked.
    package func replace() throws(AttestError) -> SigningKey {
        _ = try current()
        let key = SigningKey()
        try system { () throws(SystemError) in try write(key, replaces: true) }
        try keepPublicKey(key.publicKey)
        return key
    }

    /// All keys that ever signed here, the present one first, the others by their ids.
    package func publicKeys() throws(AttestError) -> [PublicKey] {
        guard let current = try current() else { return [] }
        let names = try system { () throws(SystemError) in try Files.names(in: directory) }
        var keys = [current.publicKey]
        for name in names.sorted() where name.hasSuffix(".pub") {
            let path = "\(directory)/\(name)"
            let text = try system { () throws(SystemError) in try Files.text(path, limit: Self.limit) }
            guard let read = try? PublicKey.read(text), read.count == 1, "\(read[0].id).pub" == name else {
                throw AttestError(.malformed, "\(path) does not hold the key that its name says; remove it")
            }
            if read[0] != current.publicKey { keys.append(read[0]) }
        }
        return keys
    }

    private func write(_ key: SigningKey, replaces: Bool) throws(SystemError) {
        try Files.makeDirectories(directory)
        try Files.publish(keyFile, Array(key.pem.utf8), mode: 0o600, replaces: replaces)
    }

    private func keepPublicKey(_ key: PublicKey) throws(AttestError) {
        let path = "\(directory)/\(key.id).pub"
        if Files.exists(path) { return }
        do { try Files.publish(path, Array(key.pem.utf8), mode: 0o644, replaces: false) } catch {
            if error.errno != SystemError.EEXIST { throw AttestError(.key, "\(error)") }
        }
    }

    private func requireOwnDirectory() throws(AttestError) {
        guard Files.isPrivateDirectory(directory, owner: Process.userID) else {
            throw AttestError(
                .key, "\(directory) is not a directory that only this user can write; repair it with chmod 700")
        }
    }

    private func system<Value>(_ work: () throws(SystemError) -> Value) throws(AttestError) -> Value {
        do { return try work() } catch { throw AttestError(.key, "\(error)") }
    }
}
