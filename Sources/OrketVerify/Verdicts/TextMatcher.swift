package import OrketCore

/// What a text must be, by named rules that must all hold. Sentences never quote what was expected.
package struct TextMatcher: Sendable {
    /// The exact bytes; only the newline that ends the last line may be missing on either side.
    package var equals: [UInt8]?
    package var contains: [String] = []
    package var regex: [LinearRegex] = []
    /// The lines in their order, without the newlines that end them.
    package var lines: [String]?

    /// The rules that are given.
    package init(
        equals: [UInt8]? = nil, contains: [String] = [], regex: [LinearRegex] = [], lines: [String]? = nil
    ) {
        self.equals = equals
        self.contains = contains
        self.regex = regex
        self.lines = lines
    }

    /// Bytes of a text that is looked at.
    package static let maximumBytes = 4 << 20

    /// Why `text` is not what it must be, in sentences about `name`.
    package func problems(_ text: MatchedText, _ name: String) -> [String] {
        guard let bytes = text.bytes else { return ["\(name) has \(text.count) bytes, more than are looked at"] }
        var problems: [String] = []
        if let equals, let place = Self.firstDifference(equals, bytes) {
            problems.append("\(name) differs from byte \(place) on (\(bytes.count) bytes, \(equals.count) expected)")
        }
        for (index, part) in contains.enumerated() where !Self.holds(bytes, Array(part.utf8)) {
            problems.append("\(name) lacks text \(index + 1) of 'contains'")
        }
        for (index, expression) in regex.enumerated() {
            if bytes.count > LinearRegex.maximumText {
                problems.append("\(name) has \(bytes.count) bytes, more than are searched by 'regex'")
            } else if !expression.matches(bytes) {
                problems.append("\(name) does not match expression \(index + 1) of 'regex'")
            }
        }
        if let lines, let problem = Self.difference(lines, bytes, name) { problems.append(problem) }
        return problems
    }

    private static func firstDifference(_ expected: [UInt8], _ actual: [UInt8]) -> Int? {
        func trimmed(_ bytes: [UInt8]) -> ArraySlice<UInt8> { bytes.last == 10 ? bytes.dropLast() : bytes[...] }
        let (a, b) = (trimmed(expected), trimmed(actual))
        return a.elementsEqual(b) ? nil : zip(a, b).prefix { $0 == $1 }.count
    }

    /// Knuth, Morris and Pratt: linear, also for a text that almost matches everywhere.
    static func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        if part.isEmpty { return true }
        var borders = [0]
        var length = 0
        for byte in part.dropFirst() {
            while length > 0, part[length] != byte { length = borders[length - 1] }
            if part[length] == byte { length += 1 }
            borders.append(length)
        }
        length = 0
        for byte in text {
            while length > 0, part[length] != byte { length = borders[length - 1] }
            if part[length] == byte { length += 1 }
            if length == part.count { return true }
        }
        return false
    }

    private static func difference(_ lines: [String], _ bytes: [UInt8], _ name: String) -> String? {
        let text = bytes.last == 10 ? bytes.dropLast() : bytes[...]
        let found = bytes.isEmpty ? [] : text.split(separator: 10, omittingEmptySubsequences: false)
        for (index, (wanted, line)) in zip(lines, found).enumerated() where !line.elementsEqual(wanted.utf8) {
            return "line \(index + 1) of \(name) is another one than expected"
        }
        return found.count == lines.count ? nil : "\(name) has \(found.count) lines, \(lines.count) expected"
    }
}

/// A text that a candidate made, or the fact that it was too long to keep.
package struct MatchedText: Sendable {
    package let bytes: [UInt8]?
    package let count: UInt64

    /// A whole text; one beyond the bound is not looked at.
    package init(_ bytes: [UInt8]) {
        self.bytes = bytes.count > TextMatcher.maximumBytes ? nil : bytes
        count = UInt64(bytes.count)
    }

    /// All of a stream, if it was kept.
    package init(_ stream: CapturedStream) {
        let kept = stream.bytes
        bytes = stream.byteCount == UInt64(kept.count) && kept.count <= TextMatcher.maximumBytes ? kept : nil
        count = stream.byteCount
    }
}
