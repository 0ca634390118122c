package import ArgumentParser
import OrketAttest
import OrketCore

/// `orket key`: the key that signs receipts here.
package struct KeyCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Show, export and replace the key that signs receipts.",
        discussion: """
            There is one private key, made on first use with mode 0600; it never leaves its directory: \
            $ORKET_STATE_DIR/keys, else $XDG_STATE_HOME/orket/keys, else /var/lib/orket/keys for root and \
            ~/.local/state/orket/keys for others.

            Examples:
              orket key export > orket.pub          for whoever checks receipts
              orket key export --all > trusted.pub  with the keys that signed here before
              orket key new --replace               a new key; older receipts keep their old one

            Exit status: 0 done, 2 refused and nothing was changed, 3 the key may not be used.
            """,
        subcommands: [KeyShowCommand.self, KeyExportCommand.self, KeyNewCommand.self])

    /// Made by the argument parser.
    package init() {}
}

/// `orket key show`: every key that ever signed here; makes none.
package struct KeyShowCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "show", abstract: "List the key that signs, and those that signed before.")

    @Flag(help: "Print one JSON object (schema orket.key/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Lists.
    package func run() throws {
        try KeyReport.run("show", json: json) { store throws(AttestError) in
            let keys = try store.publicKeys()
            if keys.isEmpty { Console.talk("orket: no key yet; `orket key new` or the first receipt makes one\n") }
            return KeyReport(keys: keys, text: KeyReport.list(keys))
        }
    }
}

/// `orket key export`: the public half, for those who check receipts.
package struct KeyExportCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print the public key; makes the key when there is none.",
        discussion: "Example: orket key export > orket.pub && openssl pkey -pubin -in orket.pub -noout -text")

    @Option(help: "pem (SubjectPublicKeyInfo) or hex (the 32 bytes of the key).")
    var format = KeyFormat.pem

    @Flag(help: "With the keys that signed here before.")
    var all = false

    @Flag(help: "Print one JSON object (schema orket.key/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Prints.
    package func run() throws {
        try KeyReport.run("export", json: json) { store throws(AttestError) in
            let key = try store.currentOrNew()
            let keys = all ? try store.publicKeys() : [key.publicKey]
            return KeyReport(keys: keys, text: keys.map { format == .pem ? $0.pem : $0.hex + "\n" }.joined())
        }
    }
}

/// How a public key is written.
enum KeyFormat: String, ExpressibleByArgument, CaseIterable { case pem, hex }

/// `orket key new`: the first key, or with `--replace` the next one.
package struct KeyNewCommand: ParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a key.",
        discussion: "Example: orket key new --replace && orket key export --all > trusted.pub")

    @Flag(help: "Put it in the place of the present key, whose private half is then gone.")
    var replace = false

    @Flag(help: "Print one JSON object (schema orket.key/1).")
    var json = false

    /// Made by the argument parser.
    package init() {}

    /// Makes it.
    package func run() throws {
        try KeyReport.run("new", json: json) { store throws(AttestError) in
            if !replace, let key = try store.current() {
                throw AttestError(.occupied, "\(key) is there already; --replace puts a new one in its place")
            }
            let key = replace ? try store.replace() : try store.currentOrNew()
            return KeyReport(keys: [key.publicKey], text: KeyReport.list([key.publicKey]))
        }
    }
}
