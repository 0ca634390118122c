internal import OrketSystem

/// The directory of supervisor records: /run/orket for root, the user's runtime directory or a private one in /tmp else.
struct StateDirectory: Sendable {
    let path: String

    /// Makes it, mode 0700, and refuses one that is a link or someone else's.
    init() throws(SandboxError) {
        let uid = Process.userID
        let runtime = Process.environment("XDG_RUNTIME_DIR")
        let base: String
        if let override = Process.environment("ORKET_STATE_DIR"), override.hasPrefix("/"), override != "/" {
            base = override
        } else if uid == 0 {
            base = "/run/orket"
        } else if let runtime, runtime.hasPrefix("/"), Files.exists(runtime) {
            base = runtime + "/orket"
        } else {
            base = "/tmp/orket-\(uid)"
        }
        do { try Files.makeDirectory(base, mode: 0o700) } catch {
            throw SandboxError(.system, "state directory: \(error)", hint: "set ORKET_STATE_DIR to a directory you own")
        }
        guard Files.isPrivateDirectory(base, owner: uid) else {
            throw SandboxError(
                .system, "state directory \(base) is not a directory that only this user can write",
                hint: "remove it, or set ORKET_STATE_DIR")
        }
        path = base
    }

    /// Opens or makes a record and locks it; nil when its owner lives. The name is looked up again after the lock: a
    /// record that its owner just removed is not the one that the next opener sees.
    func lockedFile(_ path: String) throws(SystemError) -> Descriptor? {
        for _ in 0..<8 {
            let file = try Files.openRecord(path)
            guard Files.lock(file) else { return nil }
            if Files.isSameFile(path, file) { return file }
        }
        return nil
    }

    static func contents(_ file: Descriptor) -> String { Files.reread(file, capacity: 64 << 10) }

    static func replace(_ file: Descriptor, with text: String) throws(SystemError) {
        try Files.replaceContents(file, text)
    }
}
