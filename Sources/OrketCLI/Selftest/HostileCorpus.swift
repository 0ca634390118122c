package import OrketCore
import OrketSystem

/// The directory of hostile programs.
package struct HostileCorpus: Sendable {
    /// Absolute path; holds one directory per category and the headers that the C programs share.
    package let directory: String

    package init(directory: String) { self.directory = directory }

    /// `$ORKET_FIXTURES/hostile`, else `fixtures/hostile` beside or above the program. The working directory is never asked:
    /// it may belong to a candidate.
    package static func locate() throws(InvalidInput) -> HostileCorpus {
        if let given = Process.environment("ORKET_FIXTURES") {
            let directory = given + "/hostile"
            if Files.exists(directory + "/hostile.h") { return HostileCorpus(directory: directory) }
            throw InvalidInput([
                Finding(file: "ORKET_FIXTURES", "\(directory) has no hostile.h, so it is no hostile corpus")
            ])
        }
        guard let executable = Files.readLink("/proc/self/exe") else {
            throw InvalidInput([Finding(file: "/proc/self/exe", "cannot be read; set ORKET_FIXTURES")])
        }
        var above = executable[...]
        while let slash = above.lastIndex(of: "/") {
            above = above[..<slash]
            for place in ["/fixtures/hostile", "/share/orket/fixtures/hostile"]
            where Files.exists(above + place + "/hostile.h") {
                return HostileCorpus(directory: above + place)
            }
        }
        throw InvalidInput([
            Finding(
                file: "fixtures/hostile", "not found beside or above \(executable); set ORKET_FIXTURES to its parent")
        ])
    }

    /// All programs, sorted by category and name. Throws every finding of every file.
    package func load() throws(InvalidInput) -> [HostileProgram] {
        var programs: [HostileProgram] = []
        var findings: [Finding] = []
        for category in HostileProgram.Category.allCases {
            let folder = "\(directory)/\(category.rawValue)"
            let names = ((try? Files.names(in: folder)) ?? []).sorted()
            for name in names
            where HostileProgram.Language.allCases.contains(where: { name.hasSuffix("." + $0.rawValue) }) {
                let file = "\(folder)/\(name)"
                do throws(InvalidInput) {
                    let program = try Self.read(file, name: "\(category.rawValue)/\(name)")
                    if let first = programs.first(where: { $0.name == program.name }) {
                        findings.append(
                            Finding(file: file, "the name \(program.name) belongs to \(first.file) already"))
                    }
                    programs.append(program)
                } catch {
                    findings += error.findings
                }
            }
        }
        if programs.isEmpty, findings.isEmpty { findings.append(Finding(file: directory, "holds no hostile program")) }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return programs
    }

    private static func read(_ file: String, name: String) throws(InvalidInput) -> HostileProgram {
        let text: String
        do {
            text = try Files.text(file)
        } catch {
            throw InvalidInput([Finding(file: file, "\(error)")])
        }
        return try HostileHeader.parse(text, name: name, file: file)
    }
}
