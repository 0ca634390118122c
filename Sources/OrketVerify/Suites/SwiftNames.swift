import OrketCore

/// Finds out whether a candidate gives its own declarations names that tests mean otherwise. Tests are compiled against the
/// candidate's module, and Swift prefers a declaration of it to one of the standard library, and the better fitting overload to an
/// assertion of the testing library. Pure.
struct SwiftNames: Sendable {
    private var testing: Set<String> = []
    private var top: Set<String> = []
    private var members: Set<String> = []

    /// What decides whether a comparison holds.
    private static let comparisons: Set = ["==", "!=", "<", "<=", ">", ">=", "===", "!==", "~=", "!", "&&", "||", "??"]

    /// Reads `policies/drivers/swift-names.txt`: lines `testing NAME`, `top NAME` and `member NAME`.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 1)
            guard words.count == 2 else { continue }
            switch words[0] {
            case "testing": testing.insert(String(words[1]))
            case "top": top.insert(String(words[1]))
            case "member": members.insert(String(words[1]))
            default: break
            }
        }
    }

    /// One sentence for each declaration of `graphs`, the candidate's symbol graphs by their file names, that tests could mean by
    /// mistake. `allowed` are names that the fixture lets it declare. Throws a sentence for what is no symbol graph.
    func findings(
        in graphs: [(name: String, bytes: [UInt8])], module: String, allowed: [String]
    ) throws(Unreadable) -> [String] {
        var findings: [String] = []
        for graph in graphs {
            guard let document = try? StrictJSON.parse(graph.bytes, deepest: 64),
                case .array(let symbols)? = document["symbols"]
            else { throw Unreadable(sentence: "\(graph.name) is no symbol graph") }
            // MODULE@OTHER holds what MODULE adds to types of OTHER.
            let isForeign = graph.name != "\(module).symbols.json"
            for symbol in symbols {
                guard let found = Symbol(symbol) else { continue }
                if !allowed.contains(found.base), let problem = problem(found, isForeign: isForeign) {
                    findings.append("the candidate declares \(found.path.joined(separator: ".")), \(problem)")
                }
            }
        }
        return findings.sorted()
    }

    /// Why there is no telling.
    struct Unreadable: Error {
        var sentence: String
    }

    private struct Symbol {
        var kind: String
        var path: [String]
        var name: String
        /// Without the labels.
        var base: String

        init?(_ json: JSONValue) {
            guard let kind = json["kind"]?["identifier"]?.string, case .array(let path)? = json["pathComponents"],
                let identifier = json["identifier"]?["precise"]?.string, let name = path.last?.string
            else { return nil }
            // What a conformance brings with it is the library's own.
            if identifier.contains("::SYNTHESIZED::") { return nil }
            self.kind = kind
            self.path = path.compactMap(\.string)
            self.name = name
            base = String(name.prefix { $0 != "(" })
            if base.isEmpty { base = name }
        }
    }

    private func problem(_ symbol: Symbol, isForeign: Bool) -> String? {
        if symbol.kind == "swift.macro" { return "a macro, which could stand for one of the tests" }
        if isForeign, symbol.kind != "swift.extension" {
            if Self.comparisons.contains(symbol.base) { return "which decides comparisons of another module's type" }
            return members.contains(symbol.name) ? "which stands for a member of the standard library" : nil
        }
        guard symbol.path.count == 1 else { return nil }
        if testing.contains(symbol.base) || symbol.base.hasPrefix("XCT") || symbol.base.hasPrefix("__") {
            return "which stands for a name of the testing libraries"
        }
        if symbol.kind == "swift.func.op", Self.comparisons.contains(symbol.base) {
            return "which decides comparisons; make it a member of the type that it compares"
        }
        return top.contains(symbol.name) ? "which stands for a name of the standard library" : nil
    }
}
