extension Policy {
    /// Everything that the policy enforces, one sorted line a rule; the policy's digest is the SHA-256 of this text.
    ///
    /// Names of policies and groups and every `why` are left out: they change nothing for a program. Order in the files does
    /// not count either, so two policies with the same effect have the same text.
    package var canonicalText: String {
        let head = [
            "orket.policy/1", "minimumLevel \(minimumLevel.rawValue)", "network \(network.rawValue)",
        ]
        var lines: [String] = []
        lines += allowDegraded.map { "allowDegraded \($0.rawValue)" }
        lines += LimitKey.allCases.map { "limit \($0.rawValue) \(limits[$0].map(String.init) ?? "off")" }
        lines += mounts.map(\.canonicalLine)
        lines += symlinks.map { "symlink \(CanonicalText.quote($0.path)) \(CanonicalText.quote($0.target))" }
        lines += files.map { "file \(CanonicalText.quote($0.path)) \(CanonicalText.quote($0.text))" }
        lines += environment.map { "environment \(CanonicalText.quote($0.key)) \(CanonicalText.quote($0.value))" }
        lines += passEnvironment.map { "passEnvironment \(CanonicalText.quote($0))" }
        lines += syscalls.socketFamilies.map { "socketFamily \($0.rawValue)" }
        lines += syscalls.groups.flatMap { group in group.calls.map { "syscall \($0) \(group.action.rawValue)" } }
        // Bytes, not locale or grapheme order: the text must be the same on every host.
        let sorted = Set(lines).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return (head + sorted).joined(separator: "\n") + "\n"
    }
}

extension Policy.Mount {
    fileprivate var canonicalLine: String {
        var flags = [writable ? "rw" : "ro", executable ? "exec" : "noexec"]
        if optional { flags.append("optional") }
        return "mount \(CanonicalText.quote(target)) \(CanonicalText.quote(source)) \(flags.joined(separator: ","))"
    }
}
