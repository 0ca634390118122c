import Testing

@Suite("Imports")
struct ImportTests {
    /// What each room of docs/ARCHITECTURE.md may import: rooms below it, modules of packages, and what the toolchain brings.
    ///
    /// OrketSystem and OrketSandbox own the kernel. OrketCLI has the C library besides, and no other C: it opens the files, names
    /// the errors and meets the signals and terminals of whoever typed the command, and Foundation would cost the start-up time
    /// of a whole run.
    private static let table: [String: Set<String>] = [
        "OrketCore": [],
        "OrketSystem": ["COrketLinux", "Glibc", "Synchronization"],
        "OrketDocuments": ["OrketCore", "Yams"],
        "OrketSandbox": [
            "CLibSeccomp", "Crypto", "Glibc", "OrketCore", "OrketDocuments", "OrketSystem", "Synchronization",
        ],
        "OrketAttest": ["Crypto", "OrketCore", "OrketSystem"],
        "OrketVerify": [
            "Crypto", "Dispatch", "OrketCore", "OrketSandbox", "OrketSystem", "Synchronization", "Yams",
        ],
        "OrketReports": ["OrketCore"],
        // SQLite makes no directory lock, rename or private file; for the rest it is reached through GRDB.
        "OrketStore": ["Crypto", "Dispatch", "GRDB", "Glibc", "OrketCore"],
        // Ports only: it knows neither databases nor sandboxes.
        "OrketEngine": ["OrketCore"],
        "OrketBoard": ["Crypto", "OrketCore", "OrketDocuments", "OrketSystem"],
        "OrketCLI": [
            "ArgumentParser", "Dispatch", "Glibc", "OrketAttest", "OrketBoard", "OrketCore", "OrketDocuments",
            "OrketReports",
            "OrketSandbox",
            "OrketStore", "OrketSystem", "OrketVerify", "Synchronization",
        ],
        "orket": ["OrketCLI"],
    ]

    /// Files above OrketSandbox that touch C all the same, each with the reason.
    private static let exceptions: [String: (modules: Set<String>, why: String)] = [
        "Sources/OrketVerify/Corpus/GzipInflater.swift": (["CZlib"], "a corpus may come compressed"),
        "Sources/OrketVerify/Fixtures/FixtureFinder.swift": (["Glibc"], "lists directories without Foundation"),
        "Sources/OrketVerify/Running/HostFile.swift": (["Glibc"], "reads files with a bound"),
        "Sources/OrketVerify/Verdicts/VerdictLog.swift": (["Glibc"], "O_APPEND, flock and fsync of the verdict file"),
    ]

    /// `(line, module)` of every import.
    private static func imports(_ file: SourceFile) -> [(line: Int, module: String)] {
        zip(1..., file.lines).compactMap { number, line in
            let words = line.split(separator: " ")
            guard let at = words.firstIndex(of: "import"), at + 1 < words.count,
                words[..<at].allSatisfy({ ["package", "internal", "private", "public", "@testable"].contains($0) })
            else { return nil }
            // `import func Module.name` names the module first, too.
            let kinds: Set<Substring> = ["func", "struct", "class", "enum", "protocol", "var", "let", "typealias"]
            let name = kinds.contains(words[at + 1]) ? words[at + 2] : words[at + 1]
            return (number, String(name.prefix { $0 != "." }))
        }
    }

    private static func violations(_ file: SourceFile, exceptions: Set<String>) -> [String] {
        let room = String(file.path.split(separator: "/")[1])
        guard let allowed = table[room] else { return ["\(file.path): the room \(room) is not in the table"] }
        return imports(file).filter { !allowed.contains($0.module) && !exceptions.contains($0.module) }
            .map { "\(file.path):\($0.line): \(room) may not import \($0.module)" }
    }

    @Test("each room imports only what the table allows; C above the sandbox is a listed exception")
    func rooms() {
        let files = Repository.files("Sources/", ".swift")
        #expect(files.count > 100)
        let found = files.flatMap { Self.violations($0, exceptions: Self.exceptions[$0.path]?.modules ?? []) }
        #expect(found == [])
    }

    @Test("every exception is still needed")
    func noIdleException() {
        for (path, exception) in Self.exceptions {
            let modules = Set(Self.imports(SourceFile(path: path, text: Repository.text(path))).map(\.module))
            #expect(exception.modules.isSubset(of: modules), "\(path) \(exception.why)")
        }
    }

    @Test("the table names the rooms that exist, and no other")
    func everyRoomIsListed() {
        let rooms = Set(Repository.files("Sources/", ".swift").map { String($0.path.split(separator: "/")[1]) })
        #expect(rooms == Set(Self.table.keys))
    }

    @Test("tests import only rooms of theirs and the toolchain's modules")
    func testTargets() {
        let system: Set = ["Testing", "Foundation", "Glibc", "Synchronization"]
        for file in Repository.files("Tests/", ".swift") {
            let foreign = Set(Self.imports(file).map(\.module)).filter { !$0.hasPrefix("Orket") }.subtracting(system)
            #expect(foreign == [], "\(file.path)")
        }
        // The lowest room's tests prove that it stands alone.
        for file in Repository.files("Tests/OrketCoreTests/", ".swift") {
            #expect(
                Set(Self.imports(file).map(\.module)).isSubset(of: ["OrketCore", "OrketTestSupport", "Testing"]),
                "\(file.path)")
        }
    }

    @Test("C sources include their own headers and the system's, and no other room's")
    func includes() {
        for file in Repository.files("Sources/", ".c", ".h") {
            let directory = file.path.split(separator: "/").dropLast().joined(separator: "/")
            for line in file.lines where line.hasPrefix("#include \"") {
                let name = String(line.split(separator: "\"")[1])
                let isOwn =
                    Repository.exists("\(directory)/\(name)") || Repository.exists("\(directory)/include/\(name)")
                #expect(isOwn, "\(file.path): \(name)")
            }
        }
    }

    @Test("a forbidden import is found, however it is written")
    func findsForbiddenImport() {
        func found(_ path: String, _ text: String) -> Int {
            Self.violations(SourceFile(path: path, text: text), exceptions: []).count
        }
        #expect(found("Sources/OrketCore/A.swift", "import Synchronization\n") == 1)
        #expect(found("Sources/OrketSystem/A.swift", "package import OrketCore\n") == 1)
        #expect(found("Sources/OrketVerify/A.swift", "@testable internal import struct Glibc.stat\n") == 1)
        #expect(found("Sources/OrketVerify/A.swift", "// import Glibc\nlet text = \"import Glibc\"\n") == 0)
        #expect(found("Sources/OrketHelpers/A.swift", "") == 1)
        #expect(found("Sources/OrketSandbox/A.swift", "internal import OrketSystem\n") == 0)
    }
}
