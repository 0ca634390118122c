/// The languages that a corpus record or a fixture may name, each with the policies of its toolchain. The table is the
/// one place that ties a language to `policies/toolchains/`; what a program may see and consume stands only there.
package enum Language: String, Sendable, CaseIterable, Codable {
    case bash, c, cpp, java, javascript, perl, python, swift

    /// Policy of the compiler's sandbox. An interpreter that is asked to check first does so under its run policy.
    package var compilePolicy: String {
        switch self {
        case .c, .cpp, .java, .swift: "toolchains/\(rawValue)-compile"
        case .bash, .javascript, .perl, .python: runPolicy
        }
    }

    /// Policy of the sandbox in which the program runs.
    package var runPolicy: String { "toolchains/\(rawValue)" }

    /// All names, for findings.
    package static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
