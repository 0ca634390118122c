import Testing

@Suite("The two tables of protections")
struct ProtectionTableTests {
    /// Where the jail's short names and the names that people see differ.
    private static let words = [
        "_NS": "_namespace", "NET_": "network_", "PRIVS": "privileges", "CLOSED_FDS": "closed_descriptors",
        "CLEAN_ENV": "clean_environment",
    ]

    private static func jail(_ header: String) -> [String] {
        let lines = header.split(separator: "\n").map(\.trimming)
        guard let start = lines.firstIndex(of: "enum protection {") else { return [] }
        return lines[start...].dropFirst().prefix { $0.hasPrefix("PROTECT_") && !$0.hasPrefix("PROTECT_COUNT") }.map {
            line in
            var name = String(line.dropFirst("PROTECT_".count).prefix { $0 != "," })
            for (short, long) in words { name = name.replacing(short, with: long) }
            return name.lowercased()
        }
    }

    /// Raw values of the cases, in their order: `case pidNamespace = "pid_namespace"` or `case session`.
    private static func core(_ source: String) -> [String] {
        let body = source.split(separator: "package enum IsolationLevel").first ?? ""
        return body.split(separator: "\n").map(\.trimming).filter { $0.hasPrefix("case ") }.map { line in
            let quoted = line.split(separator: "\"")
            return String(quoted.count > 1 ? quoted[1] : line.dropFirst("case ".count))
        }
    }

    @Test("bit i of a plan means the same protection on both sides of the socket")
    func agree() {
        let jail = Self.jail(Repository.text("Sources/orket-jail/shape.h"))
        #expect(jail.count >= 20)
        #expect(jail == Self.core(Repository.text("Sources/OrketCore/Policy/Protection.swift")))
    }

    @Test("two protections that changed places are found")
    func findsSwap() {
        let source = "    case networkNamespace = \"network_namespace\"\n    case session\n"
        let header = "enum protection {\n    PROTECT_NET_NS,\n    PROTECT_SESSION,\n    PROTECT_COUNT,\n"
        #expect(Self.jail(header) == Self.core(source))
        let swapped = "enum protection {\n    PROTECT_SESSION,\n    PROTECT_NET_NS,\n    PROTECT_COUNT,\n"
        #expect(Self.jail(swapped) != Self.core(source))
    }
}
