import OrketCore

/// A small change of a program that a good fixture notices: some bytes of the source in place of others.
package struct Mutant: Sendable, Hashable {
    /// `LINE:OPERATOR WHAT`, unique within one source.
    package var id: String
    /// The file of a candidate that is a directory; "" in one of a file. Part of the id.
    package var file = ""
    /// 1-based, of the first byte that is replaced.
    package var line: Int
    package var column: Int
    package var `operator`: String
    package var description: String
    /// Bytes of the source that go.
    package var range: Range<Int>
    /// What comes in their place.
    package var text: String

    /// The same change, known to be in this file of a directory.
    func within(_ file: String) -> Mutant {
        if file.isEmpty { return self }
        var mutant = self
        (mutant.file, mutant.id) = (file, "\(file):\(id)")
        return mutant
    }

    /// The mutated source.
    package func applied(to source: [UInt8]) -> [UInt8] {
        Array(source[..<range.lowerBound]) + Array(text.utf8) + Array(source[range.upperBound...])
    }

    /// The lines that differ, before and after, without their line ends.
    package func lines(of source: [UInt8]) -> (before: [String], after: [String]) {
        let newline = UInt8(ascii: "\n")
        let start = source[..<range.lowerBound].lastIndex(of: newline).map { $0 + 1 } ?? 0
        let end = source[range.upperBound...].firstIndex(of: newline) ?? source.count
        let before = source[start..<end]
        let after = Array(source[start..<range.lowerBound]) + Array(text.utf8) + Array(source[range.upperBound..<end])
        func split(_ bytes: some Collection<UInt8>) -> [String] {
            bytes.split(separator: newline, omittingEmptySubsequences: false).map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        return (split(before), split(after))
    }

    /// Nil when `json` is nothing that a mutator of ours writes about a source of `size` bytes.
    init?(_ json: JSONValue, size: Int) {
        guard let id = json["id"]?.string, case .integer(let line)? = json["line"],
            case .integer(let column)? = json["column"], let name = json["operator"]?.string,
            let description = json["description"]?.string, case .integer(let start)? = json["start"],
            case .integer(let end)? = json["end"], let text = json["text"]?.string,
            start >= 0, start <= end, end <= size, line > 0, column > 0
        else { return nil }
        self.id = id
        (self.line, self.column) = (Int(line), Int(column))
        (self.operator, self.description) = (name, description)
        range = Int(start)..<Int(end)
        self.text = text
    }

    /// `maximum` of `mutants`, the same ones on every host, in their order: those whose ids have the least digests.
    package static func sample(_ mutants: [Mutant], maximum: Int) -> [Mutant] {
        if mutants.count <= maximum { return mutants }
        let ranked = mutants.indices.map { (Digest.hex(of: Array("orket.mutants/1 \(mutants[$0].id)".utf8)), $0) }
        let chosen = ranked.sorted { $0 < $1 }.prefix(maximum).map(\.1).sorted()
        return chosen.map { mutants[$0] }
    }
}
