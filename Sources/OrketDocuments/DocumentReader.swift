package import OrketCore
internal import Yams

/// Reads YAML 1.2 (and so JSON) text to a `DocumentNode`: bounded, with places, duplicate keys as findings.
///
/// Theory of operation: libyaml does the syntax. Yams' own type rules (YAML 1.1 by regular expressions) are switched off, both
/// for their surprises and for the milliseconds that they take to compile. Yams stops at the first mapping with a duplicate
/// key; since all findings are wanted at once, the key is then renamed in the text to one that no file can contain, and
/// reading starts again.
package struct DocumentReader {
    /// Deepest nesting.
    static let maximumDepth = 64
    /// Most duplicate keys that are told apart in one file.
    private static let maximumDuplicates = 100

    private let file: String
    private let limits: DocumentLimits
    private var text: String
    /// Renamed key -> original.
    private var renamed: [String: String] = [:]
    private var findings: [Finding] = []
    private var nodeCount = 0

    private init(file: String, text: String, limits: DocumentLimits) {
        self.file = file
        self.text = text
        self.limits = limits
    }

    /// Made only for a file with a defect: most have none, and are read at every start.
    private var lines: [[Unicode.Scalar]] {
        text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map(Array.init)
    }

    /// The document's root, or every finding that keeps it from being read. Duplicate keys are reported with the rest of the
    /// file's findings, so they come back beside the root.
    package static func read(
        _ bytes: [UInt8], file: String, limits: DocumentLimits = .policy
    ) -> (root: DocumentNode?, findings: [Finding]) {
        guard bytes.count <= limits.bytes else {
            return (nil, [Finding(file: file, "the file is larger than \(limits.bytes) bytes")])
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return (nil, [Finding(file: file, "the file is not UTF-8 text")])
        }
        if let finding = excess(bytes, file: file, limits) { return (nil, [finding]) }
        var reader = DocumentReader(file: file, text: text, limits: limits)
        let root = reader.root()
        return (root, reader.findings)
    }

    private mutating func root() -> DocumentNode? {
        for _ in 0...Self.maximumDuplicates {
            do {
                guard let node = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
                    findings.append(Finding(file: file, line: 1, column: 1, "the file is empty"))
                    return nil
                }
                return convert(node, depth: 0)
            } catch {
                if case YamlError.duplicatedKeysInMapping(_, let context) = error, rename(at: context.mark) { continue }
                findings.append(finding(error))
                return nil
            }
        }
        findings.append(Finding(file: file, "the file has more than \(Self.maximumDuplicates) duplicate keys"))
        return nil
    }

    // MARK: - Duplicate keys

    /// Replaces the last character of the key at `mark` by one of the private-use area. The length stays, and with it every
    /// place. False when the text is not as expected, and then the plain error is reported.
    private mutating func rename(at mark: Mark) -> Bool {
        let (row, column) = (mark.line - 1, mark.column - 1)
        var lines = self.lines
        guard lines.indices.contains(row), lines[row].indices.contains(column) else { return false }
        let line = lines[row]
        let quote: Unicode.Scalar? = line[column] == "\"" || line[column] == "'" ? line[column] : nil
        let start = quote == nil ? column : column + 1
        let end = line[start...].firstIndex { $0 == quote ?? ":" } ?? line.endIndex
        guard end > start, let stand = Unicode.Scalar(0xe000 + UInt32(renamed.count)) else { return false }
        let original = String(String.UnicodeScalarView(line[start..<end]))
        // Trailing blanks belong to no plain key.
        guard !original.hasSuffix(" "), !original.contains("\\") else { return false }
        lines[row][end - 1] = stand
        renamed[String(String.UnicodeScalarView(lines[row][start..<end]))] = original
        text = lines.map { String(String.UnicodeScalarView($0)) }.joined(separator: "\n")
        return true
    }

    // MARK: - Conversion

    private mutating func convert(_ node: Node, depth: Int) -> DocumentNode? {
        let place = place(node.mark)
        nodeCount += 1
        if nodeCount == limits.values + 1 {
            findings.append(place.finding("the document has more than \(limits.values) values"))
        }
        if nodeCount > limits.values { return nil }
        if depth > Self.maximumDepth {
            findings.append(place.finding("the document is nested deeper than \(Self.maximumDepth) levels"))
            return nil
        }
        switch node {
        case .scalar(let scalar):
            checkTag(node, standard: "str", place)
            return DocumentNode(content: .scalar(scalar.string, plain: scalar.style == .plain), place: place)
        case .sequence(let sequence):
            checkTag(node, standard: "seq", place)
            return DocumentNode(content: .sequence(sequence.compactMap { convert($0, depth: depth + 1) }), place: place)
        case .mapping(let mapping):
            checkTag(node, standard: "map", place)
            return DocumentNode(content: .mapping(entries(mapping, depth)), place: place)
        case .alias:
            findings.append(place.finding("an alias without its anchor"))
            return nil
        }
    }

    private mutating func entries(_ mapping: Node.Mapping, _ depth: Int) -> [DocumentEntry] {
        var entries: [DocumentEntry] = []
        var firstLine: [String: Int] = [:]
        for (key, value) in mapping {
            let place = place(key.mark)
            guard case .scalar(let scalar) = key else {
                findings.append(place.finding("a key must be text"))
                continue
            }
            let name = renamed[scalar.string] ?? scalar.string
            if let line = firstLine[name] {
                findings.append(place.finding("duplicate key `\(name)`, first given in line \(line)"))
                continue
            }
            firstLine[name] = place.line
            if let value = convert(value, depth: depth + 1) {
                entries.append(DocumentEntry(key: name, place: place, value: value))
            }
        }
        return entries
    }

    private mutating func checkTag(_ node: Node, standard: String, _ place: Place) {
        let tag = node.tag.description
        if tag != "tag:yaml.org,2002:\(standard)" {
            findings.append(place.finding("tags are not accepted, and this value has \(CanonicalText.quote(tag))"))
        }
    }

    private func place(_ mark: Mark?) -> Place { Place(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1) }

    private func finding(_ error: any Error) -> Finding {
        switch error {
        case YamlError.scanner(let context, let problem, let mark, _),
            YamlError.parser(let context, let problem, let mark, _),
            YamlError.composer(let context, let problem, let mark, _):
            let text = [context?.text, problem].compactMap { $0 }.joined(separator: ", ")
            return place(mark).finding("no valid YAML: \(text)")
        case YamlError.reader(let problem, let offset, _, _):
            return Finding(file: file, line: line(ofCharacter: offset ?? 0), "no valid YAML: \(problem)")
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            return place(context.mark).finding("duplicate key `\(keys.first ?? "")`")
        default:
            return Finding(file: file, "no valid YAML: \(error)")
        }
    }

    private func line(ofCharacter offset: Int) -> Int {
        var rest = offset
        let lines = self.lines
        for (index, line) in lines.enumerated() {
            if rest <= line.count { return index + 1 }
            rest -= line.count + 1
        }
        return lines.count
    }

    /// Bounds that must hold before libyaml and Yams see the text, counted from characters alone: quoted text and comments
    /// count too, which no sensible file notices. An alias counts where its anchor came before, so `*words*` of a
    /// description do not.
    private static func excess(_ bytes: [UInt8], file: String, _ limits: DocumentLimits) -> Finding? {
        var (aliases, depth, dashes) = (0, 0, 0)
        var (row, column) = (1, 0)
        var anchors: Set<ArraySlice<UInt8>> = []
        var previous = UInt8(ascii: "\n")
        for (index, byte) in bytes.enumerated() where byte & 0xc0 != 0x80 {
            let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: "\n")
            column += 1
            switch byte {
            case UInt8(ascii: "\n"): (row, column, dashes) = (row + 1, 0, 0)
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "-"), UInt8(ascii: "?"): if next == UInt8(ascii: " ") { dashes += 1 }
            case UInt8(ascii: "&"): if beginsValue(previous) { anchors.insert(name(bytes, after: index)) }
            case UInt8(ascii: "*"):
                if beginsValue(previous), anchors.contains(name(bytes, after: index)) { aliases += 1 }
            default: break
            }
            if depth + dashes > maximumDepth {
                let text = "the document is nested deeper than \(maximumDepth) levels"
                return Finding(file: file, line: row, column: column, text)
            }
            if aliases > limits.aliases {
                return Finding(file: file, line: row, "the file has more than \(limits.aliases) aliases")
            }
            previous = byte
        }
        return nil
    }

    /// The letters, digits, `-` and `_` that follow: all that libyaml takes into the name of an anchor.
    private static func name(_ bytes: [UInt8], after index: Int) -> ArraySlice<UInt8> {
        bytes[(index + 1)...].prefix { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    /// Characters after which a value may begin. Outside ASCII lie some that libyaml takes for line breaks.
    private static func beginsValue(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "["),
            UInt8(ascii: "{"), UInt8(ascii: ","), UInt8(ascii: ":"), 0x80...:
            true
        default: false
        }
    }
}
