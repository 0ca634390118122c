import OrketAttest
import OrketCore
import OrketSystem
import OrketVerify

/// What a verdict depends on besides the candidate, the fixture and the policy: who judged, with which tools, on which kernel.
struct VerifierSurroundings: Sendable {
    let kernel: String
    /// Of this executable.
    let verifier: HexDigest
    private let toolchains: [Language: HexDigest]

    /// Bytes of an executable that are read: far more than it has.
    private static let maximumExecutable = 1 << 30

    /// Looks at this host, for fixtures of these languages. Reads the executable: not on a thread of the concurrency pool.
    init(_ languages: Set<Language>) throws(InvalidInput) {
        kernel =
            ((try? Files.text("/proc/sys/kernel/osrelease")) ?? "").split(separator: "\n").first.map(String.init) ?? "?"
        verifier = HexDigest(sha256: try HostFile.contents("/proc/self/exe", maximumBytes: Self.maximumExecutable))
        toolchains = Dictionary(uniqueKeysWithValues: languages.map { ($0, Self.toolchain($0)) })
    }

    /// Identity of the programs of a language's toolchain.
    func toolchain(_ language: Language) -> HexDigest { toolchains[language] ?? .zero }

    /// Each program by its path behind all links, its size and the time of its last change: a package that is replaced
    /// changes at least one of them. Contents are not read: compilers have hundreds of megabytes.
    private static func toolchain(_ language: Language) -> HexDigest {
        HexDigest(sha256: Array(programs(of: language).utf8))
    }

    /// The same as a text: a line for each place where a program of the language may be.
    static func programs(of language: Language) -> String {
        let toolchain = Toolchain.all.first { $0.name == language.rawValue }
        let paths = (toolchain?.programs ?? []).flatMap { program in
            (toolchain?.directories ?? []).map { "\($0)/\(program)" }
        }
        return paths.map { "\($0)\t\(Files.identity($0) ?? "absent")\n" }.joined()
    }
}
