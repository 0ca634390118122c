/// Reads the Test Anything Protocol, versions 12 to 14, strictly: one plan, numbers in order, no test that the plan does not
/// announce. Subtests and YAML blocks are indented and count by the test that they lie beneath.
package enum TAPReader {
    /// Reads all that a program wrote; `transcript` tells what was wrong.
    package static func read(_ bytes: [UInt8], into transcript: inout SuiteTranscript) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return transcript.refuse("TAP that is no UTF-8")
        }
        var plan: Int?
        var count = 0
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            let line = line.hasSuffix("\r") ? line.dropLast() : line
            if line.isEmpty || line.hasPrefix(" ") || line.hasPrefix("\t") || line.hasPrefix("#") { continue }
            if line.hasPrefix("TAP version ") || line.hasPrefix("pragma ") { continue }
            if line.hasPrefix("Bail out!") { return }
            if line.hasPrefix("1..") {
                guard plan == nil, let size = planSize(line) else {
                    return transcript.refuse("a second plan, or a bad one")
                }
                plan = size
                continue
            }
            count += 1
            guard count <= SuiteTranscript.maximumEntries else { return transcript.refuse("too many tests") }
            guard let test = test(line, number: count) else {
                return transcript.refuse("line \(count) of the tests is no TAP")
            }
            transcript.add(test.name, test.status, "")
        }
        // Without a plan nobody knows whether that was all.
        guard let plan else { return }
        if count > plan { transcript.refuse("\(count) tests where \(plan) are planned") }
        if count == plan { transcript.end() }
    }

    private static func planSize(_ line: Substring) -> Int? {
        let number = line.dropFirst(3).prefix { $0 != " " && $0 != "#" }
        return Int(number).flatMap { (0...SuiteTranscript.maximumEntries).contains($0) ? $0 : nil }
    }

    private static func test(_ line: Substring, number: Int) -> (name: String, status: SuiteTranscript.Status)? {
        var rest: Substring
        let holds = !line.hasPrefix("not ok")
        if holds { rest = line.dropFirst(2) } else { rest = line.dropFirst(6) }
        guard holds ? line.hasPrefix("ok") : true, rest.isEmpty || rest.hasPrefix(" ") else { return nil }
        rest = rest.drop { $0 == " " }
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty {
            guard Int(digits) == number else { return nil }
            rest = rest.dropFirst(digits.count).drop { $0 == " " }
        }
        if rest.hasPrefix("- ") { rest = rest.dropFirst(2) }
        let (name, directive) = split(rest)
        let label = name.isEmpty ? "test \(number)" : name
        switch directive.lowercased() {
        case let word where word.hasPrefix("skip"): return (label, .skipped)
        case let word where word.hasPrefix("todo"): return (label, holds ? .xpassed : .xfailed)
        default: return (label, holds ? .passed : .failed)
        }
    }

    /// The description, and what follows the first `#` that is not escaped.
    private static func split(_ text: Substring) -> (name: String, directive: String) {
        var name = ""
        var isEscaped = false
        for (offset, character) in text.enumerated() {
            if character == "#", !isEscaped {
                return (trimmed(name), trimmed(String(text.dropFirst(offset + 1))))
            }
            isEscaped = character == "\\" && !isEscaped
            name.append(character)
        }
        return (trimmed(name), "")
    }

    private static func trimmed(_ text: String) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}
