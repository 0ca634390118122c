import OrketSystem

/// A C header of the jail, read for its numbers: what it says once must be said by the Swift side too.
struct HeaderFile {
    private let lines: [String]

    init(_ name: String) throws {
        lines = try Files.text("\(Checkout.root)/Sources/orket-jail/\(name)").split(separator: "\n").map(String.init)
    }

    /// `#define NAME VALUE`: a number, or a number shifted left, without its suffixes.
    func define(_ name: String) -> UInt64? {
        for line in lines where line.hasPrefix("#define \(name) ") {
            let words = line.dropFirst("#define \(name) ".count).filter { $0 != "(" && $0 != ")" }
                .split(separator: " ").map(Self.number)
            return words.count == 3 ? words[0]! << words[2]! : words[0]
        }
        return nil
    }

    private static func number(_ text: some StringProtocol) -> UInt64? {
        let plain = text.hasSuffix("u") ? String(text.dropLast()) : String(text)
        return plain.hasPrefix("0x") ? UInt64(plain.dropFirst(2), radix: 16) : UInt64(plain)
    }

    /// Members of `enum NAME`, in order, with their values.
    func enumeration(_ name: String) -> [(name: String, value: UInt64)] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("enum \(name) {") }) else { return [] }
        // One line or many.
        var text = ""
        for line in lines[start...] {
            text += line.prefix { $0 != "/" } + " "
            if line.contains("}") { break }
        }
        let body = text.drop { $0 != "{" }.dropFirst().prefix { $0 != "}" }
        var next: UInt64 = 0
        return body.split(separator: ",").compactMap { member in
            let words = member.split(separator: " ")
            guard let name = words.first else { return nil }
            if words.count == 3, let value = Self.number(words[2]) { next = value }
            defer { next += 1 }
            return (String(name), next)
        }
    }

    /// Bytes that `_Static_assert(sizeof(struct NAME) == N` fixes.
    func size(of name: String) -> Int? {
        let prefix = "_Static_assert(sizeof(struct \(name)) == "
        return lines.first { $0.hasPrefix(prefix) }.flatMap { Int($0.dropFirst(prefix.count).prefix { $0.isNumber }) }
    }
}
