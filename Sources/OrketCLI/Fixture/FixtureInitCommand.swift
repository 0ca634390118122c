package import ArgumentParser
import OrketCore
import OrketSystem
import OrketVerify

/// `orket fixture init DIR`: a fixture to begin with.
package struct FixtureInitCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Write a small fixture that can be proven, with comments, to be made into one's own.",
        discussion: """
            The kinds function, check and suite exist for python and javascript, cli, judge and command for every language.

            Exit status: 0 done, 2 bad usage, or the directory exists and is not empty: nothing is left then.
            """)

    @Argument(help: "The directory to make. Its last component is the fixture's id.")
    var directory: String

    @Option(help: "cli, function, check, judge, suite or command.")
    var kind = FixtureTemplate.Kind.function

    @Option(help: "The language of the candidate.")
    var language = Language.python

    /// Made by the argument parser.
    package init() {}

    /// Writes; ends with the exit code of the contract.
    package func run() async throws {
        do throws(InvalidInput) {
            try write()
        } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        Console.talk("orket: next: orket fixture prove \(TerminalText.escape(directory))\n")
    }

    private func write() throws(InvalidInput) {
        guard let files = FixtureTemplate(kind: kind, language: language, id: Self.id(directory)).files else {
            let sentence =
                "the kind \(kind.rawValue) has no driver for \(language.rawValue); there is one for \(Drivers.languages)"
            throw InvalidInput([Finding(file: directory, sentence)])
        }
        if let names = try? Files.names(in: directory), !names.isEmpty {
            throw InvalidInput([Finding(file: directory, "exists already, and is not empty")])
        }
        try FixtureWriter.write([("", files)], to: directory)
    }

    /// An id made of the last component of a path, as far as its characters may stand in one.
    static func id(_ path: String) -> String {
        let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
        let plain = name.unicodeScalars.map { scalar -> Character in
            ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) ? Character(scalar) : "-"
        }
        let id = String(plain.prefix(64))
        return id.contains { $0 != "-" } ? id : "fixture"
    }
}

extension FixtureTemplate.Kind: ExpressibleByArgument {}
extension Language: ExpressibleByArgument {}
