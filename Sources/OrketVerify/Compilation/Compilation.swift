import OrketCore
import OrketSandbox

/// One compile step with everything that its result depends on.
struct Compilation: Sendable {
    var language: Language
    var argv: [String]
    /// The workspace of the compiler.
    var files: [InputFile]
    var policy: Policy

    /// What the sandbox is asked for.
    var request: RunRequest {
        var request = RunRequest(argv: argv)
        request.inputs = files
        request.collectAll = Verifier.artefactBounds
        request.keepHeadBytes = 4_096
        request.keepTailBytes = Diagnostic.maximumBytes
        return request
    }

    /// Hex SHA-256 of a text in which everything has one reading: texts stand in it as their digests, paths hold no line break.
    func key(toolchain: String) -> String {
        func digest(_ text: String) -> String { Digest.hex(of: Array(text.utf8)) }
        var lines = ["orket.compile/1", "toolchain \(digest(toolchain))", "policy \(digest(policy.canonicalText))"]
        lines += argv.map { "argument \(digest($0))" }
        let sorted = files.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        lines += sorted.map { file in
            let kind =
                switch file.kind {
                case .directory: "d"
                case .link: "l"
                case .file: file.executable ? "x" : "f"
                }
            return "\(kind) \(Digest.hex(of: file.bytes)) \(file.path)"
        }
        return digest(lines.map { $0 + "\n" }.joined())
    }
}

extension Language {
    /// Its compile step makes files that run; that of an interpreter only looks.
    var hasCompiler: Bool { compilePolicy != runPolicy }
}
