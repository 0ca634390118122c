import OrketCore
import Yams

extension FixtureDecoder {
    private static let testLimits: ImportLimits = {
        var limits = ImportLimits()
        (limits.totalBytes, limits.fileBytes, limits.entries, limits.depth) = (8 << 20, 4 << 20, 4_096, 16)
        return limits
    }()
    static let candidateLimits: ImportLimits = {
        var limits = ImportLimits()
        (limits.totalBytes, limits.fileBytes, limits.entries) = (64 << 20, 16 << 20, 4_096)
        return limits
    }()

    mutating func suiteBody(_ fields: inout YAMLFields, language: Language?, candidate: [InputFile]?) -> SuiteBody? {
        let runner = fields.choice("runner", SuiteBody.Runner.self)
        if let wanted = runner?.language, let runner, let language, wanted != language {
            fields.note(
                "the runner \(runner.rawValue) takes the language \(wanted.rawValue)", at: fields.mark("runner"))
        }
        let tests = self.tests(&fields)
        let into = self.into(&fields)
        let pinned = self.pinned(&fields)
        if let runner, fields.has("command") != (runner == .tap) {
            fields.note(
                runner == .tap ? "the runner tap needs a 'command'" : "'command' belongs to the runner tap",
                at: fields.mark(runner == .tap ? "runner" : "command"))
        }
        let command = fields.has("command") ? fields.arguments("command") : []
        let swift = swiftSuite(&fields, runner)
        guard let runner, let tests, let into, let pinned, let command, let candidate else { return nil }
        if runner == .swiftTesting, swift == nil { return nil }
        return SuiteBody(
            runner: runner, candidate: candidate, tests: tests, into: into, pinned: pinned.ids, pinnedFile: pinned.file,
            command: command, swift: swift, line: fields.mark("pinned")?.line ?? 1)
    }

    /// What the runner `swift-testing` asks for, and no other takes.
    private func swiftSuite(_ fields: inout YAMLFields, _ runner: SuiteBody.Runner?) -> SwiftSuite? {
        guard runner == .swiftTesting else {
            for key in Self.swiftKeys where fields.has(key) {
                fields.note("'\(key)' belongs to the runner swift-testing", at: fields.mark(key))
            }
            return nil
        }
        let module = fields.text("module")
        if let module, !Self.isIdentifier(module) || Self.systemModules.contains(module) {
            let sentence = "'module' must be a name of letters, digits and '_', and not that of a module of Swift"
            fields.note(sentence, at: fields.mark("module"))
            return nil
        }
        let sources = fields.has("sources") ? cleanPath("sources", &fields) : ""
        let declares = fields.has("declares") ? fields.arguments("declares") : []
        guard let module, let sources, let declares else { return nil }
        return SwiftSuite(module: module, sources: sources, declares: declares)
    }

    static let swiftKeys = ["module", "sources", "declares"]

    private static let systemModules: Set = [
        "Cxx", "Dispatch", "Foundation", "Glibc", "Observation", "RegexBuilder", "Swift", "Synchronization", "Testing",
        "XCTest",
    ]

    private static func isIdentifier(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 64 else { return false }
        func isLetter(_ byte: UInt8) -> Bool {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
        }
        return isLetter(first)
            && text.utf8.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    /// The candidate: a file under the name of `source`, or a directory whose content becomes that of the workspace, for which
    /// `stand` then stands. `name` is the path that the fixture gives.
    mutating func suiteCandidate(
        _ fields: inout YAMLFields
    ) -> (files: [InputFile], stand: InputFile, candidate: String, name: String)? {
        guard let name = cleanPath("source", &fields) else { return nil }
        let candidate = directory.path + "/" + name
        guard reading != .none, HostFile.kind(candidate) == .directory else {
            return source(&fields).map { ([$0.file], $0.file, $0.candidate, name) }
        }
        return imported(candidate, Self.candidateLimits, "source", &fields).map {
            ($0, .directory(Self.baseName(name)), candidate, name)
        }
    }

    private func cleanPath(_ key: String, _ fields: inout YAMLFields) -> String? {
        guard let path = fields.text(key) else { return nil }
        guard let problem = WorkspacePath.problem(path) else { return path }
        fields.note("'\(key)' is \(problem): '\(path.jsonEscaped)'", at: fields.node(key)?.mark)
        return nil
    }

    func imported(
        _ path: String, _ limits: ImportLimits, _ key: String, _ fields: inout YAMLFields
    ) -> [InputFile]? {
        do throws(SnapshotError) {
            return try WorkspaceImport.directory(path, limits: limits)
        } catch {
            switch error {
            case .refused(let input):
                for finding in input.findings { fields.note("'\(key)': \(finding.message)", at: fields.mark(key)) }
            case .storage(let failure): fields.note("'\(key)': \(failure.description)", at: fields.mark(key))
            }
            return nil
        }
    }

    private func tests(_ fields: inout YAMLFields) -> [InputFile]? {
        guard let path = cleanPath("tests", &fields) else { return nil }
        let found: [InputFile]?
        var isDirectory = false
        if HostFile.kind(directory.path + "/" + path) == .directory {
            found = imported(directory.path + "/" + path, Self.testLimits, "tests", &fields)
            isDirectory = true
        } else {
            found = fields.fileBytes("tests", maximumBytes: Int(Self.testLimits.fileBytes), directory: directory).map {
                [InputFile(path: String(path.split(separator: "/").last ?? ""), bytes: $0.bytes)]
            }
        }
        guard let found else { return nil }
        var isGood = true
        var files: [InputFile] = []
        for file in found where file.kind != .directory && !Self.isCache(file.path) {
            if file.kind == .link || String(validating: file.bytes, as: UTF8.self) == nil {
                let what = file.kind == .link ? "is a link; copy what it leads to" : "is no UTF-8 text"
                fields.note("'tests': '\(file.path.jsonEscaped)' \(what)", at: fields.mark("tests"))
                isGood = false
            }
            files.append(file)
            if isDirectory { directory.record(path + "/" + file.path, file.bytes) }
        }
        if files.isEmpty { fields.note("'tests' holds no file", at: fields.mark("tests")) }
        return isGood && !files.isEmpty ? files : nil
    }

    /// What runners leave beside tests, and would read in place of them.
    private static func isCache(_ path: String) -> Bool {
        path.hasSuffix(".pyc") || path.split(separator: "/").contains { $0 == "__pycache__" || $0 == ".pytest_cache" }
    }

    private func into(_ fields: inout YAMLFields) -> String? {
        guard let path = cleanPath("into", &fields) else { return nil }
        if !path.contains("/"), path.utf8.count <= 64 { return path }
        fields.note("'into' must be one name of at most 64 bytes", at: fields.node("into")?.mark)
        return nil
    }

    private func pinned(_ fields: inout YAMLFields) -> (ids: [String], file: String)? {
        guard let path = cleanPath("pinned", &fields) else { return nil }
        let file = directory.path + "/" + path
        // The file is about to be written.
        if isPinning { return ([], file) }
        if HostFile.kind(file) == .missing {
            let sentence = "'pinned': no file '\(path.jsonEscaped)'; `orket fixture pin --write` writes it"
            fields.note(sentence, at: fields.node("pinned")?.mark)
            return nil
        }
        guard
            let bytes = fields.fileBytes("pinned", maximumBytes: PinnedTests.maximumBytes, directory: directory)?.bytes
        else { return nil }
        do throws(InvalidInput) {
            return (try PinnedTests.read(bytes, file: file), file)
        } catch {
            fields.add(error.findings)
            return nil
        }
    }
}
