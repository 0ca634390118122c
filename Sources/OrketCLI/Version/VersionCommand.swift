package import ArgumentParser
import OrketCore

/// `orket version`.
package struct VersionCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Flag(help: "Print one JSON object (schema orket.version/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Prints.
    package func run() {
        let object = JSONValue.object([
            .init("schema", .string("orket.version/1")), .init("version", .string(Version.current)),
        ])
        Console.result(json ? object.text + "\n" : "orket \(Version.current)\n")
    }
}
