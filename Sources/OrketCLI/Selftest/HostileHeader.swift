package import OrketCore

/// Reads the header at the top of a hostile program: `key: value` lines between `orket-hostile` and the end of the comment.
package enum HostileHeader {
    private enum Key: String, CaseIterable {
        case title, category, field, expect, control, needs, limits, outputs, watch
    }

    private struct Line {
        let number: Int
        let value: String
    }

    /// Parses the source `text` of the program `name` (`category/stem.ext`). Throws every finding with its line.
    package static func parse(_ text: String, name: String, file: String) throws(InvalidInput) -> HostileProgram {
        var reader = Reader(file: file)
        let lines = reader.header(text)
        let program = reader.program(lines, name: name)
        guard let program, reader.findings.isEmpty else { throw InvalidInput(reader.findings) }
        return program
    }

    private struct Reader {
        let file: String
        var findings: [Finding] = []

        mutating func report(_ line: Int?, _ message: String) {
            findings.append(Finding(file: file, line: line, message))
        }

        mutating func header(_ text: String) -> [Key: Line] {
            var found: [Key: Line] = [:]
            var isInside = false
            for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
                guard let content = Self.comment(raw) else { break }
                if content == "orket-hostile" {
                    isInside = true
                    continue
                }
                if !isInside || content.isEmpty { continue }
                let parts = content.split(separator: ":", maxSplits: 1)
                guard parts.count == 2, let key = Key(rawValue: String(parts[0])) else {
                    report(
                        index + 1,
                        "unknown key in `\(content)`; known: \(Key.allCases.map(\.rawValue).joined(separator: ", "))")
                    continue
                }
                if let first = found[key] {
                    report(index + 1, "\(key.rawValue) is given twice, first in line \(first.number)")
                }
                found[key] = Line(number: index + 1, value: Self.trimmed(parts[1]))
            }
            if !isInside { report(1, "the file does not begin with an orket-hostile header") }
            return found
        }

        /// The text of a comment line without its marks; nil at the first line of the program.
        private static func comment(_ raw: Substring) -> String? {
            let line = trimmed(raw)
            if line == "*/" { return nil }
            for mark in ["/*", "*", "#"] where line.hasPrefix(mark) { return trimmed(line.dropFirst(mark.count)) }
            return nil
        }

        private static func trimmed(_ text: some StringProtocol) -> String {
            var rest = text[...]
            while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
            while rest.last?.isWhitespace == true { rest = rest.dropLast() }
            return String(rest)
        }

        mutating func program(_ lines: [Key: Line], name: String) -> HostileProgram? {
            for key in [Key.title, .category, .expect, .control] where lines[key] == nil {
                report(1, "`\(key.rawValue)` is missing")
            }
            let folder = name.prefix { $0 != "/" }
            let language = HostileProgram.Language.allCases.first { name.hasSuffix("." + $0.rawValue) }
            let category = lines[.category].flatMap { HostileProgram.Category(rawValue: $0.value) }
            if let line = lines[.category], category?.rawValue != String(folder) {
                report(line.number, "category `\(line.value)` in the directory `\(folder)`")
            }
            let expectation = lines[.expect].flatMap { self.expectation($0) }
            let control = lines[.control].flatMap { self.control($0) }
            let stem = language.map { String(name.dropLast($0.rawValue.count + 1)) } ?? name
            guard let language, let category, let expectation, let control, let title = lines[.title]?.value else {
                return nil
            }
            let program = HostileProgram(
                name: stem, file: file, title: title, category: category, language: language, rows: rows(lines[.field]),
                expectation: expectation, control: control, needs: needs(lines[.needs]),
                limits: lines[.limits].map { words($0) } ?? [], outputs: outputs(lines[.outputs]),
                watchesSurvivor: watch(lines[.watch]))
            check(program, lines)
            return program
        }

        private mutating func check(_ program: HostileProgram, _ lines: [Key: Line]) {
            if let line = lines[.limits] { checkLimits(program.limits, line.number) }
            if program.watchesSurvivor, program.expectation != .passed {
                report(lines[.watch]?.number, "`watch: survivor` goes with `expect: outcome passed`")
            }
            // Passing is no evidence by itself: its control run has to end in another way than exit code 10.
            let endsOtherwise =
                switch program.control {
                case .limits(_, .some), .honest: true
                case .host: program.watchesSurvivor
                default: false
                }
            if program.expectation == .passed, !endsOtherwise {
                report(lines[.control]?.number, "`outcome passed` needs a control with a reason, or a watched survivor")
            }
            if program.needs.contains(.cc32), program.language != .c {
                report(lines[.needs]?.number, "cc32 is for C programs")
            }
        }

        private func words(_ line: Line) -> [String] { line.value.split(separator: " ").map(String.init) }

        private func items(_ text: some StringProtocol) -> [String] {
            text.split(separator: ",").map { Self.trimmed($0) }.filter { !$0.isEmpty }
        }

        private mutating func rows(_ line: Line?) -> [String] {
            guard let line else { return [] }
            let rows = items(line.value)
            for row in rows where Int(row.dropFirst()) == nil || !(row.hasPrefix("c") || row.hasPrefix("d")) {
                report(line.number, "`\(row)` is no row: a row is c or d and a number")
            }
            return rows
        }

        private mutating func needs(_ line: Line?) -> [HostileProgram.Need] {
            guard let line else { return [] }
            return items(line.value).compactMap { word in
                guard let need = HostileProgram.Need(rawValue: word) else {
                    report(line.number, "nobody can decide the need `\(word)`")
                    return nil
                }
                return need
            }
        }

        private mutating func watch(_ line: Line?) -> Bool {
            guard let line else { return false }
            if line.value != "survivor" { report(line.number, "`\(line.value)` cannot be watched; only `survivor`") }
            return true
        }

        private mutating func reason(_ word: String, _ line: Line) -> ReasonCode? {
            let code = ReasonCode(rawValue: word)
            if code == nil { report(line.number, "`\(word)` is no reason code") }
            return code
        }

        private mutating func expectation(_ line: Line) -> HostileProgram.Expectation? {
            let words = words(line)
            if words == ["blocked"] { return .blocked }
            if words == ["outcome", "passed"] { return .passed }
            if words.count == 2, words[0] == "reason" { return reason(words[1], line).map { .reason($0) } }
            report(line.number, "`\(line.value)`: write `blocked`, `reason CODE` or `outcome passed`")
            return nil
        }

        private mutating func control(_ line: Line) -> HostileProgram.Control? {
            let words = words(line)
            switch words.first {
            case "host" where words.count == 1: return .host
            case "honest" where words.count == 1: return .honest
            case "without" where words.count > 1: return without(line)
            case "limits" where words.count > 1:
                var assignments = Array(words.dropFirst())
                var wanted: ReasonCode?
                if let index = assignments.firstIndex(of: "reason") {
                    guard index == assignments.count - 2, let code = reason(assignments[index + 1], line) else {
                        report(line.number, "`reason CODE` stands at the end")
                        return nil
                    }
                    wanted = code
                    assignments.removeLast(2)
                }
                checkLimits(assignments, line.number)
                return .limits(assignments, reason: wanted)
            default:
                report(
                    line.number,
                    "`\(line.value)`: write `without NAME, ...`, `limits KEY=VALUE ...`, `host` or `honest`")
                return nil
            }
        }

        private mutating func without(_ line: Line) -> HostileProgram.Control {
            var protections: Set<Protection> = []
            for name in items(line.value.dropFirst("without".count)) {
                guard let protection = Protection(rawValue: name) else {
                    report(line.number, "`\(name)` is no protection")
                    continue
                }
                if protection == .mountNamespace {
                    report(line.number, "`mount_namespace` is never off: use `control: host`")
                }
                if !protections.insert(protection).inserted { report(line.number, "`\(name)` is given twice") }
            }
            return .without(protections)
        }

        private mutating func checkLimits(_ assignments: [String], _ line: Int) {
            var limits = Limits()
            do throws(InvalidInput) {
                try LimitParser.apply(assignments, to: &limits)
            } catch {
                for finding in error.findings { report(line, finding.message) }
            }
        }

        /// `NAME` or `NAME SIZE`.
        private mutating func outputs(_ line: Line?) -> [OutputFile] {
            guard let line else { return [] }
            return items(line.value).compactMap { item in
                let parts = item.split(separator: " ").map(String.init)
                guard parts.count <= 2 else {
                    report(line.number, "`\(item)`: write NAME or NAME SIZE")
                    return nil
                }
                guard parts.count == 2 else { return OutputFile(path: parts[0]) }
                switch LimitParser.parse(parts[1], for: .fsize) {
                case .success(let bytes): return OutputFile(path: parts[0], maximumBytes: Int(clamping: bytes))
                case .failure(let refusal):
                    report(line.number, refusal.description)
                    return nil
                }
            }
        }
    }
}
