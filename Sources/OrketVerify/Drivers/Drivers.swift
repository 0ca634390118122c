package import OrketCore

/// The programs that call candidates inside a sandbox, one a language: `policies/drivers/`. They are part of the plan, as
/// files of the read-only root, so that a candidate cannot touch them and a result tells which was used.
package struct Drivers: Sendable {
    private let texts: [Language: String]
    private let mutators: [Language: String]
    private let suites: [Language: String]
    private let probe: String
    private let names: String
    private static let maximumBytes = 256 << 10
    private let parts: [String: String]
    private static let files: [Language: String] = [.python: "python.py", .javascript: "javascript.js"]
    /// What a driver imports only when it needs it.
    private static let partFiles: [Language: [String]] = [.python: ["python_cases.py", "python_check.py"]]
    /// Those that run whole test suites.
    private static let suiteFiles: [Language: String] = [
        .python: "python-suite.py", .javascript: "javascript-suite.js", .swift: "swift-suite.swift",
    ]

    private static let mutatorFiles: [Language: String] = [
        .python: "python-mutants.py", .javascript: "javascript-mutants.js",
    ]

    /// Languages that have a driver, for findings.
    package static var languages: String { files.keys.map(\.rawValue).sorted().joined(separator: ", ") }

    /// True when fixtures of the kinds `function` and `check` can be had in `language`.
    package static func exists(for language: Language) -> Bool { files[language] != nil }

    /// Languages whose programs can be mutated, for findings.
    package static var mutableLanguages: String { mutatorFiles.keys.map(\.rawValue).sorted().joined(separator: ", ") }

    /// True when there is a program that makes mutants of programs in `language`.
    package static func mutates(_ language: Language) -> Bool { mutatorFiles[language] != nil }

    /// True when the driver makes a process for each case; else each case takes a sandbox of its own.
    static func forks(_ language: Language) -> Bool { language == .python }

    /// Reads the drivers and mutators of `languages` from `directory`; a language without one is left out.
    package init(_ languages: Set<Language>, directory: String) throws(InvalidInput) {
        var findings: [Finding] = []
        texts = Self.read(Self.files, languages, directory, &findings)
        var parts: [String: String] = [:]
        for name in languages.flatMap({ Self.partFiles[$0] ?? [] }) {
            parts[name] = Self.text(directory + "/" + name, &findings)
        }
        self.parts = parts
        // Needed only to prove a fixture, which then says what is missing.
        let present = Self.mutatorFiles.filter { HostFile.kind(directory + "/" + $0.value) != .missing }
        mutators = Self.read(present, languages, directory, &findings)
        suites = Self.read(Self.suiteFiles, languages, directory, &findings)
        // One for all languages; it is written in Python.
        probe = Self.read([.python: Self.probeFile], [.python], directory, &findings)[.python] ?? ""
        names = Self.read([.swift: Self.namesFile], languages, directory, &findings)[.swift] ?? ""
        swiftNames = SwiftNames(names)
        if !findings.isEmpty { throw InvalidInput(findings) }
    }

    private static let probeFile = "http-probe.py"

    /// `policy` with the program that asks a service, and the command that starts it.
    func prepareProbe(_ policy: Policy) -> (policy: Policy, argv: [String]) {
        var policy = policy
        let path = "/orket/" + Self.probeFile
        policy.files.append(Policy.TextFile(path: path, text: probe))
        return (policy, ["python3", "-S", "-s", "-B", path])
    }

    private static func read(
        _ files: [Language: String], _ languages: Set<Language>, _ directory: String, _ findings: inout [Finding]
    ) -> [Language: String] {
        var texts: [Language: String] = [:]
        for language in languages {
            guard let name = files[language] else { continue }
            texts[language] = text(directory + "/" + name, &findings)
        }
        return texts
    }

    private static func text(_ path: String, _ findings: inout [Finding]) -> String? {
        do throws(InvalidInput) {
            let bytes = try HostFile.contents(path, maximumBytes: maximumBytes)
            if let text = String(validating: bytes, as: UTF8.self) { return text }
            findings.append(Finding(file: path, "no valid UTF-8"))
        } catch {
            findings += error.findings
        }
        return nil
    }

    /// `policy` with the driver of `language` in its root, and the command that starts it; nil when there is none.
    func prepare(_ language: Language, _ policy: Policy) -> (policy: Policy, argv: [String])? {
        guard var prepared = Self.prepare(language, policy, texts[language], Self.files[language]) else { return nil }
        prepared.policy.files += (Self.partFiles[language] ?? []).map {
            Policy.TextFile(path: "/orket/" + $0, text: parts[$0] ?? "")
        }
        return prepared
    }

    /// The same for the program that makes mutants.
    func prepareMutator(_ language: Language, _ policy: Policy) -> (policy: Policy, argv: [String])? {
        Self.prepare(language, policy, mutators[language], Self.mutatorFiles[language])
    }

    private static func prepare(
        _ language: Language, _ policy: Policy, _ text: String?, _ name: String?
    ) -> (policy: Policy, argv: [String])? {
        guard let text, let name else { return nil }
        var policy = policy
        let path = "/orket/" + name
        policy.files.append(Policy.TextFile(path: path, text: text))
        switch language {
        // Without site: nothing that was installed may run before the driver.
        case .python: return (policy, ["python3", "-S", "-s", "-B", path])
        default: return (policy, ["node", path])
        }
    }

    /// `policy` with the tests of a suite read-only in the workspace, and the command that runs them.
    func prepare(_ suite: SuiteBody, _ policy: Policy) -> (policy: Policy, argv: [String]) {
        var policy = policy
        policy.files += suite.tests.map {
            Policy.TextFile(path: "/box/\(suite.into)/\($0.path)", text: String(decoding: $0.bytes, as: UTF8.self))
        }
        if suite.runner == .swiftTesting {
            // Nothing in the sandbox reads them; so the plan and its digest tell by what the candidate was judged.
            for (name, text) in [("swift-suite.swift", swiftRunner), (Self.namesFile, names)] {
                policy.files.append(Policy.TextFile(path: "/orket/" + name, text: text))
            }
            return (policy, SwiftSuiteBuilder.argv)
        }
        guard let language = suite.runner.language else { return (policy, suite.command) }
        guard let text = suites[language], let name = Self.suiteFiles[language] else {
            preconditionFailure("no suite driver for \(language)")
        }
        let path = "/orket/" + name
        policy.files.append(Policy.TextFile(path: path, text: text))
        if language == .python { return (policy, ["python3", "-S", "-s", "-B", path]) }
        // How a test is read must not depend on a package.json of the candidate above it.
        if !suite.tests.contains(where: { $0.path == "package.json" }) {
            policy.files.append(Policy.TextFile(path: "/box/\(suite.into)/package.json", text: "{}\n"))
        }
        return (policy, ["node", "--test-reporter=" + path, "--test-reporter-destination=stderr", path])
    }

    /// What names a candidate of a Swift suite must leave alone.
    let swiftNames: SwiftNames
    private static let namesFile = "swift-names.txt"

    /// The source of the program that runs Swift suites.
    var swiftRunner: String { suites[.swift] ?? "" }
}
