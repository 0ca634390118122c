import ArgumentParser
import OrketAttest
import OrketCore

/// What a `key` command found, as text for people and as `orket.key/1`.
struct KeyReport {
    /// The one that signs first.
    var keys: [PublicKey]
    /// For stdout.
    var text: String

    /// A line for each key.
    static func list(_ keys: [PublicKey]) -> String {
        keys.enumerated().map { "\($0 == 0 ? "signs  " : "retired")  \($1.id)\n" }.joined()
    }

    /// One JSON object, described in docs/formats/key.schema.json.
    func json(_ command: String, directory: String) -> JSONValue {
        let keys = keys.enumerated().map { index, key in
            JSONValue.record([
                "id": .string(key.id.text), "role": .string(index == 0 ? "signs" : "retired"),
                "algorithm": .string("ed25519"), "hex": .string(key.hex), "pem": .string(key.pem),
            ])
        }
        return .record([
            "schema": .string("orket.key/1"), "command": .string(command), "directory": .string(directory),
            "keys": .array(keys),
        ])
    }

    /// Makes the report and prints it; ends with 2 where there is no place for a key, or one is in the way, and with 3
    /// where the key may not be used.
    static func run(
        _ command: String, json: Bool, _ make: (KeyStore) throws(AttestError) -> KeyReport
    ) throws {
        let directory: String
        do throws(InvalidInput) { directory = try LastingState.directory() + "/keys" } catch {
            Console.report(error)
            throw ExitCode(2)
        }
        do throws(AttestError) {
            let report = try make(KeyStore(directory: directory))
            Console.result(json ? report.json(command, directory: directory).text + "\n" : report.text)
        } catch {
            Console.talk("orket: \(TerminalText.escape(error.message))\n")
            throw ExitCode(error.code == .occupied ? 2 : 3)
        }
    }
}
