import OrketCore

/// What the runner `swift-testing` needs to know of the candidate.
package struct SwiftSuite: Sendable, Hashable {
    /// Name of the module that the candidate becomes, and that the tests import.
    package var module: String
    /// Directory of the candidate with its sources; "" for all of it.
    package var sources: String
    /// Names of the standard library that the candidate may give to its own.
    package var declares: [String]
}

/// Builds candidate and tests of the runner `swift-testing`, in sandboxes: the candidate as a library of its own, so that nothing
/// of it is compiled into the tests; then the tests; and the program that runs them, once, from nothing but our own text.
actor SwiftSuiteBuilder {
    private let compiler: Compiler
    private let drivers: Drivers
    private var program: Task<Verifier.Build, Never>?

    /// Directory of the workspace that holds what was built.
    static let place = ".orket"
    private static let maximumGraphBytes = 32 << 20

    init(compiler: Compiler, drivers: Drivers) {
        self.compiler = compiler
        self.drivers = drivers
    }

    /// What came of it: every compilation that it took, and either the files for the workspace or a verdict.
    struct Product: Sendable {
        var builds: [Verifier.Build] = []
        var files: [InputFile] = []
        var verdict: Verdict?
    }

    func build(_ body: SuiteBody, _ swift: SwiftSuite, _ files: [InputFile]) async -> Product {
        var product = Product()
        let program = await self.runner()
        let library = await self.library(swift, files, in: body, &product)
        guard let library else { return product }
        let tests = await self.tests(body, swift, library, &product)
        guard let tests else { return product }
        if let verdict = program.verdict {
            product.verdict = Verdict(.inconclusive, [Self.ours(verdict)])
            product.builds.append(program)
            return product
        }
        let own = (program.files + library + tests).map {
            InputFile(path: "\(Self.place)/\($0.path)", bytes: $0.bytes, executable: $0.executable)
        }
        product.files = files.filter { $0.path != Self.place && !$0.path.hasPrefix(Self.place + "/") } + own
        return product
    }

    /// The argv that runs what was built, and where the tests lie.
    static let argv = ["./\(place)/runner"]
    static func tests(_ swift: SwiftSuite) -> String { "/box/\(place)/lib\(swift.module)Tests.so" }

    private func runner() async -> Verifier.Build {
        if let program { return await program.value }
        let source = InputFile(path: "swift-suite.swift", bytes: Array(drivers.swiftRunner.utf8))
        let compiler = compiler
        let task = Task {
            await Self.compile(
                compiler, ["-parse-as-library", source.path, "-lTesting", "-lXCTest", "-o", "runner"], [source],
                ["runner"])
        }
        program = task
        let build = await task.value
        // A busy host may do better next time.
        if build.verdict != nil { program = nil }
        return build
    }

    /// The candidate's module; nil when the product has its verdict.
    private func library(
        _ swift: SwiftSuite, _ files: [InputFile], in body: SuiteBody, _ product: inout Product
    ) async -> [InputFile]? {
        let sources = Self.sources(swift, files)
        if sources.isEmpty {
            let place = swift.sources.isEmpty ? "" : " beneath '\(swift.sources.jsonEscaped)'"
            product.verdict = Verdict(.failed, [Reason(.artifactMissing, "the candidate has no Swift file\(place)")])
            return nil
        }
        let arguments =
            ["-parse-as-library", "-emit-library", "-emit-module", "-enable-testing", "-module-name", swift.module]
            + ["-emit-symbol-graph", "-emit-symbol-graph-dir", ".", "-symbol-graph-minimum-access-level", "internal"]
            + ["-o", "lib\(swift.module).so"] + sources.map { "./\($0.path)" }
        let build = await Self.compile(
            compiler, arguments, sources, ["lib\(swift.module).so", "\(swift.module).swiftmodule"])
        product.builds.append(build)
        if let verdict = build.verdict {
            product.verdict = verdict
            return nil
        }
        let graphs = (build.result?.outputs ?? []).filter { $0.path.hasSuffix(".symbols.json") }
        if let verdict = verdict(swift, graphs.map { ($0.path, $0.bytes) }) {
            product.verdict = verdict
            return nil
        }
        return build.files
    }

    /// Rejected when names of the candidate stand for others.
    private func verdict(_ swift: SwiftSuite, _ graphs: [(name: String, bytes: [UInt8])]) -> Verdict? {
        do throws(SwiftNames.Unreadable) {
            guard graphs.contains(where: { $0.name == "\(swift.module).symbols.json" }) else {
                throw SwiftNames.Unreadable(sentence: "the compiler left no symbol graph")
            }
            let found = try drivers.swiftNames.findings(in: graphs, module: swift.module, allowed: swift.declares)
            if found.isEmpty { return nil }
            return Verdict(
                .rejected, found.prefix(SuiteRules.maximumSentences).map { Reason(.tamperedTests, $0.jsonEscaped) })
        } catch {
            return Verdict(.inconclusive, [Reason(.sandboxSetupFailed, error.sentence)])
        }
    }

    private func tests(
        _ body: SuiteBody, _ swift: SwiftSuite, _ library: [InputFile], _ product: inout Product
    ) async -> [InputFile]? {
        let own = body.tests.filter { $0.path.hasSuffix(".swift") }
        let list = XCTestClasses(own.map { String(decoding: $0.bytes, as: UTF8.self) }).source
        let sources =
            own.map { InputFile(path: "\(body.into)/\($0.path)", bytes: $0.bytes) }
            + [InputFile(path: "orket-xctest-entries.swift", bytes: Array(list.utf8))]
        let name = "lib\(swift.module)Tests.so"
        let arguments =
            ["-parse-as-library", "-emit-library", "-module-name", swift.module + "Tests", "-I", ".", "-L", "."]
            + ["-l\(swift.module)", "-Xlinker", "-rpath", "-Xlinker", "$ORIGIN", "-o", name]
            + sources.map { "./\($0.path)" }
        let build = await Self.compile(compiler, arguments, library + sources, [name])
        product.builds.append(build)
        guard let verdict = build.verdict else { return build.files }
        let reasons = verdict.reasons.map {
            $0.code == .compileError
                ? Reason(.compileError, source: $0.source, "the tests do not compile with the candidate: \($0.detail)")
                : $0
        }
        product.verdict = Verdict(verdict.outcome, reasons)
        return nil
    }

    /// The Swift files that become the module: not the manifest of a package, and nothing hidden.
    static func sources(_ swift: SwiftSuite, _ files: [InputFile]) -> [InputFile] {
        files.filter { file in
            guard file.kind == .file, file.path.hasSuffix(".swift") else { return false }
            let names = file.path.split(separator: "/")
            if names.contains(where: { $0.hasPrefix(".") }) { return false }
            if !swift.sources.isEmpty { return file.path.hasPrefix(swift.sources + "/") }
            return file.path != "Package.swift" && !file.path.hasPrefix("Package@swift-")
        }
    }

    /// One run of swiftc that must leave `products`.
    private static func compile(
        _ compiler: Compiler, _ arguments: [String], _ files: [InputFile], _ products: [String]
    ) async -> Verifier.Build {
        let (result, use) = await compiler.compile(files, .swift, argv: ["swiftc"] + arguments, limits: [:])
        if let verdict = VerdictRules.compileVerdict(result) {
            return Verifier.Build(result: result, use: use, files: [], verdict: verdict)
        }
        let left = products.compactMap { name in
            result.outputs.first { $0.path == name }.map {
                InputFile(path: name, bytes: $0.bytes, executable: $0.executable)
            }
        }
        if left.count == products.count { return Verifier.Build(result: result, use: use, files: left, verdict: nil) }
        let sentence = "the compiler left not all of \(products.joined(separator: ", "))"
        return Verifier.Build(
            result: result, use: use, files: [], verdict: Verdict(.failed, [Reason(.artifactMissing, sentence)]))
    }

    private static func ours(_ verdict: Verdict) -> Reason {
        let details = verdict.reasons.map(\.detail).joined(separator: "; ")
        return Reason(.sandboxSetupFailed, "the program that runs the tests cannot be built: \(details)")
    }
}
