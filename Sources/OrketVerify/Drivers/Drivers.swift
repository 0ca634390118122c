package import OrketCore

/// The programs that call candidates inside a sandbox, one a language: `policies/drivers/`. They are part of the plan, as
/// files of the read-only root, so that a candidate cannot touch them and a result tells which was used.
package struct Drivers: Sendable {
    private let texts: [Language: String]
    private static let maximumBytes = 256 << 10
    private static let files: [Language: String] = [.python: "python.py", .javascript: "javascript.js"]

    /// Languages that have a driver, for findings.
    package static var languages: String { files.keys.map(\.rawValue).sorted().joined(separator: ", ") }

    /// True when fixtures of the kinds `function` and `check` can be had in `language`.
    package static func exists(for language: Language) -> Bool { files[language] != nil }

    /// True when the driver makes a process for each case; else each case takes a sandbox of its own.
    static func forks(_ language: Language) -> Bool { language == .python }

    /// Reads the drivers of `languages` from `directory`; a language without one is left out.
    package init(_ languages: Set<Language>, directory: String) throws(InvalidInput) {
        var texts: [Language: String] = [:]
        var findings: [Finding] = []
        for language in languages {
            guard let name = Self.files[language] else { continue }
            let path = directory + "/" + name
            do throws(InvalidInput) {
                let bytes = try HostFile.contents(path, maximumBytes: Self.maximumBytes)
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    findings.append(Finding(file: path, "no valid UTF-8"))
                    continue
                }
                texts[language] = text
            } catch {
                findings += error.findings
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        self.texts = texts
    }

    /// `policy` with the driver of `language` in its root, and the command that starts it; nil when there is none.
    func prepare(_ language: Language, _ policy: Policy) -> (policy: Policy, argv: [String])? {
        guard let text = texts[language], let name = Self.files[language] else { return nil }
        var policy = policy
        let path = "/orket/" + name
        policy.files.append(Policy.TextFile(path: path, text: text))
        switch language {
        // Without site: nothing that was installed may run before the driver.
        case .python: return (policy, ["python3", "-S", "-s", "-B", path])
        default: return (policy, ["node", path])
        }
    }
}
