/// Reads a regular expression; what it does not know it refuses.
struct RegexParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    private static let (maximumDepth, maximumCount) = (50, 500)

    static func parse(_ pattern: String) throws(RegexProblem) -> RegexNode {
        var parser = RegexParser(scalars: Array(pattern.unicodeScalars))
        let node = try parser.alternatives()
        if parser.index < parser.scalars.count { throw RegexProblem("has a ')' without its '('") }
        return node
    }

    private init(scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var current: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        if current != scalar { return false }
        index += 1
        return true
    }

    private mutating func alternatives() throws(RegexProblem) -> RegexNode {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.maximumDepth { throw RegexProblem("is nested too deeply") }
        var parts = [try sequence()]
        while take("|") { parts.append(try sequence()) }
        return parts.count == 1 ? parts[0] : .either(parts)
    }

    private mutating func sequence() throws(RegexProblem) -> RegexNode {
        var parts: [RegexNode] = []
        while let next = current, next != "|", next != ")" { parts.append(try repeated()) }
        return .sequence(parts)
    }

    private mutating func repeated() throws(RegexProblem) -> RegexNode {
        let part = try single()
        guard let (least, most) = try count() else { return part }
        if let more = current, "*+?{".unicodeScalars.contains(more) {
            throw RegexProblem("repeats a repetition; put it in parentheses")
        }
        return .times(part, least, most)
    }

    private mutating func count() throws(RegexProblem) -> (Int, Int?)? {
        if take("*") { return (0, nil) }
        if take("+") { return (1, nil) }
        if take("?") { return (0, 1) }
        guard take("{") else { return nil }
        let least = try number()
        var most: Int? = least
        if take(",") { most = current == "}" ? nil : try number() }
        guard take("}"), most.map({ $0 >= least }) ?? true else { throw RegexProblem("has a bad count in braces") }
        return (least, most)
    }

    private mutating func number() throws(RegexProblem) -> Int {
        var digits = ""
        while let digit = current, ("0"..."9").contains(digit) {
            digits.unicodeScalars.append(digit)
            index += 1
        }
        guard digits.count < 5, let number = Int(digits), number <= Self.maximumCount else {
            throw RegexProblem("needs a count of 0 to \(Self.maximumCount) in braces")
        }
        return number
    }

    private mutating func single() throws(RegexProblem) -> RegexNode {
        guard let scalar = current else { throw RegexProblem("ends too early") }
        index += 1
        switch scalar {
        case ".": return .set(.init(ranges: [10...10], isNegated: true))
        case "^": return .lineStart
        case "$": return .lineEnd
        case "[": return .set(try charClass())
        case "\\": return .set(try escape())
        case "*", "+", "?", "{": throw RegexProblem("repeats nothing: \(scalar)")
        case "(":
            if take("?"), !take(":") { throw RegexProblem("has a group other than (...) and (?:...)") }
            let node = try alternatives()
            if !take(")") { throw RegexProblem("has a '(' without its ')'") }
            return node
        default: return .set(Self.one(scalar))
        }
    }

    private static func one(_ scalar: Unicode.Scalar) -> LinearRegex.ScalarSet {
        .init(ranges: [scalar.value...scalar.value])
    }

    private static func ranges(_ texts: String...) -> [ClosedRange<UInt32>] {
        texts.map { text in
            let ends = text.unicodeScalars.map(\.value)
            return ends[0]...ends[ends.count - 1]
        }
    }

    private mutating func escape() throws(RegexProblem) -> LinearRegex.ScalarSet {
        guard let scalar = current else { throw RegexProblem("ends with a backslash") }
        index += 1
        switch scalar {
        case "n": return Self.one("\n")
        case "t": return Self.one("\t")
        case "r": return Self.one("\r")
        case "d", "D": return .init(ranges: Self.ranges("09"), isNegated: scalar == "D")
        case "w", "W": return .init(ranges: Self.ranges("09", "AZ", "az", "_"), isNegated: scalar == "W")
        case "s", "S": return .init(ranges: Self.ranges(" ", "\t\r"), isNegated: scalar == "S")
        case "a"..."z", "A"..."Z", "0"..."9": throw RegexProblem("has an unknown escape: \\\(scalar)")
        default: return Self.one(scalar)
        }
    }

    private mutating func charClass() throws(RegexProblem) -> LinearRegex.ScalarSet {
        var set = LinearRegex.ScalarSet(ranges: [], isNegated: take("^"))
        var isFirst = true
        while isFirst || current != "]" {
            isFirst = false
            let low = try member()
            if current == "-", index + 1 < scalars.count, scalars[index + 1] != "]" {
                index += 1
                let high = try member()
                guard let start = Self.only(low), let end = Self.only(high), start <= end else {
                    throw RegexProblem("has a bad range in brackets")
                }
                set.ranges.append(start...end)
            } else if low.isNegated {
                throw RegexProblem("has a negated escape in brackets")
            } else {
                set.ranges += low.ranges
            }
        }
        index += 1
        return set
    }

    private static func only(_ set: LinearRegex.ScalarSet) -> UInt32? {
        set.ranges.count == 1 && set.ranges[0].count == 1 && !set.isNegated ? set.ranges[0].lowerBound : nil
    }

    private mutating func member() throws(RegexProblem) -> LinearRegex.ScalarSet {
        guard let scalar = current else { throw RegexProblem("has a '[' without its ']'") }
        index += 1
        return scalar == "\\" ? try escape() : Self.one(scalar)
    }
}
