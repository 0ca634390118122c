package import ArgumentParser
import OrketCore
internal import OrketSandbox

/// `orket policy`: looks at policies without running anything.
package struct PolicyCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "policy",
        abstract: "Check, explain and identify policies.",
        discussion: """
            A policy is a name (`default`, `toolchains/cpp`) or a file (`./mine.yaml`). Policies are found in \
            $ORKET_POLICIES, else beside the program.

            Exit status: 0 done, 2 a policy is refused; all findings are then shown with file, line and column.
            """,
        subcommands: [
            PolicyCheckCommand.self, PolicyExplainCommand.self, PolicyDigestCommand.self, PolicyListCommand.self,
        ])

    /// Made by the argument parser.
    package init() {}
}

/// `orket policy check FILE...`: every finding of every file.
package struct PolicyCheckCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check policies and report every defect with its place.")

    @Argument(help: "Names or files. A foundation such as base.yaml may be checked too.")
    var policies: [String]

    @Flag(help: "Print one JSON object (schema orket.policy/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Checks all of them, also after one was refused.
    package func run() async throws {
        try PolicyReport.run("check", json: json) { store throws(InvalidInput) in .check(policies, in: store) }
    }
}

/// `orket policy explain NAME`: every rule in effect, with its reason and its origin.
package struct PolicyExplainCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show every rule in effect, why it is there, and which file says so.")

    @Argument(help: "A name or a file.")
    var policy: String

    @Flag(help: "Print one JSON object (schema orket.policy/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Loads and shows.
    package func run() async throws {
        try PolicyReport.run("explain", json: json) { store throws(InvalidInput) in .explain(try store.resolve(policy))
        }
    }
}

/// `orket policy digest NAME...`: the identity of what a policy enforces.
package struct PolicyDigestCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "digest",
        abstract: "Print the SHA-256 of what a policy enforces.",
        discussion: "Reasons, comments, names and the order of rules do not count; what a program meets does.")

    @Argument(help: "Names or files.")
    var policies: [String]

    @Flag(help: "Print the text that is hashed instead.")
    var canonical = false

    @Flag(help: "Print one JSON object (schema orket.policy/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Loads all and prints a line each; nothing is printed when one of them is refused.
    package func run() async throws {
        try PolicyReport.run("digest", json: json) { store throws(InvalidInput) in
            .digest(try PolicyReport.resolve(policies, in: store), showsCanonicalText: canonical)
        }
    }
}

/// `orket policy list`: the policies that a name can mean.
package struct PolicyListCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the policies that can be named.")

    @Flag(help: "Print one JSON object (schema orket.policy/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Loads all and prints a line each.
    package func run() async throws {
        try PolicyReport.run("list", json: json) { store throws(InvalidInput) in
            .list(try PolicyReport.resolve(store.names(), in: store))
        }
    }
}
