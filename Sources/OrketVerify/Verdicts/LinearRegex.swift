/// Regular expressions that cost at most the length of the text times the length of the expression, whatever the text is: all
/// ways to match go forward together (Thompson's construction), nothing is ever tried again.
///
/// Literals, `.`, classes, `\d \w \s` and their opposites, groups, `|`, `* + ?` and `{m,n}`; `^` and `$` are the ends of a line.
/// There are no back-references and no look-around: they are what makes engines explode.
package struct LinearRegex: Sendable {
    /// Bounds of an expression and of the text that is searched.
    package static let (maximumPattern, maximumProgram, maximumText) = (1_000, 1_000, 1 << 20)

    /// Scalars that one step of a match takes.
    struct ScalarSet: Sendable {
        var ranges: [ClosedRange<UInt32>]
        var isNegated = false

        func contains(_ scalar: UInt32) -> Bool { ranges.contains { $0.contains(scalar) } != isNegated }
    }

    enum Instruction: Sendable {
        case take(ScalarSet)
        case split(Int, Int)
        case jump(Int)
        case lineStart, lineEnd, accept
    }

    private let program: [Instruction]

    /// Throws what is wrong with `pattern`, in words.
    package init(_ pattern: String) throws(RegexProblem) {
        if pattern.unicodeScalars.count > Self.maximumPattern {
            throw RegexProblem("is longer than \(Self.maximumPattern) characters")
        }
        program = try RegexCompiler.compile(RegexParser.parse(pattern))
    }

    /// True when some part of `text` matches.
    package func matches(_ text: [UInt8]) -> Bool {
        let scalars = String(decoding: text, as: UTF8.self).unicodeScalars.map(\.value)
        var (now, next) = (ThreadList(program.count), ThreadList(program.count))
        for index in 0...scalars.count {
            let before = index == 0 ? Self.newline : scalars[index - 1]
            let after = index == scalars.count ? Self.newline : scalars[index]
            if add(0, to: &now, before, after) { return true }
            if index == scalars.count { return false }
            next.clear()
            let following = index + 1 < scalars.count ? scalars[index + 1] : Self.newline
            for thread in now.threads {
                guard case .take(let set) = program[thread], set.contains(after) else { continue }
                if add(thread + 1, to: &next, after, following) { return true }
            }
            swap(&now, &next)
        }
        return false
    }

    private static let newline: UInt32 = 10

    /// Instructions that wait for a scalar, each at most once.
    private struct ThreadList {
        var threads: [Int] = []
        var isThere: [Bool]

        init(_ size: Int) { isThere = [Bool](repeating: false, count: size) }

        mutating func clear() {
            threads.removeAll(keepingCapacity: true)
            for index in isThere.indices { isThere[index] = false }
        }
    }

    /// Follows all that needs no scalar; true when that is a match.
    private func add(_ start: Int, to list: inout ThreadList, _ before: UInt32, _ after: UInt32) -> Bool {
        var pending = [start]
        while let index = pending.popLast() {
            if list.isThere[index] { continue }
            list.isThere[index] = true
            switch program[index] {
            case .accept: return true
            case .take: list.threads.append(index)
            case .jump(let target): pending.append(target)
            case .split(let first, let second): pending += [second, first]
            case .lineStart: if before == Self.newline { pending.append(index + 1) }
            case .lineEnd: if after == Self.newline { pending.append(index + 1) }
            }
        }
        return false
    }
}

/// What is wrong with a regular expression: the end of a sentence that starts with it.
package struct RegexProblem: Error {
    package let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
