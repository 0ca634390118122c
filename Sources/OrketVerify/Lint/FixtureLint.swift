import OrketCore

/// Looks for what makes a fixture weaker than it looks. Pure; nothing is run.
package struct FixtureLint {
    private let fixture: Fixture
    private let lines: [Substring]
    private var findings: [LintFinding] = []

    /// A tolerance beyond this hides most mistakes in arithmetic.
    private static let largestTolerance = 1e-3
    /// Shorter answers stand in many a program by chance.
    private static let leastAnswer = 8

    /// All findings about `fixture`, in the order of its lines. `text` is its `fixture.yaml`.
    package static func findings(_ fixture: Fixture, text: String) -> [LintFinding] {
        var lint = FixtureLint(fixture: fixture, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
        lint.controls()
        lint.limits()
        lint.visibility()
        switch fixture.body {
        case .cli(let cli): lint.cases(cli)
        case .function(let function): lint.cases(function)
        default: break
        }
        return lint.findings.enumerated().sorted {
            ($0.element.line, $0.offset) < ($1.element.line, $1.offset)
        }.map(\.element)
    }

    private init(fixture: Fixture, lines: [Substring]) {
        self.fixture = fixture
        self.lines = lines
    }

    private mutating func note(_ rule: LintFinding.Rule, line: Int, _ message: String) {
        findings.append(Self.finding(rule, fixture, lines: lines, line: line, message))
    }

    /// A finding at the first word of a line.
    static func finding(
        _ rule: LintFinding.Rule, _ fixture: Fixture, lines: [Substring], line: Int, _ message: String
    ) -> LintFinding {
        let text = lines.indices.contains(line - 1) ? lines[line - 1] : ""
        let column = text.utf8.prefix { $0 == UInt8(ascii: " ") }.count + 1
        return LintFinding(rule: rule, file: fixture.file, line: line, column: column, message: message)
    }

    private mutating func controls() {
        guard let controls = fixture.controls else {
            return note(.noControls, line: 1, "without 'controls' nothing shows that the fixture can fail")
        }
        if !controls.hasNegative {
            note(
                .noNegativeControl, line: controls.line,
                "no control must fail: give 'broken', 'baseline' or 'empty: true'")
        } else if controls.broken.isEmpty && controls.baseline == nil {
            note(
                .onlyEmptyControl, line: controls.line,
                "only the empty candidate must fail: give one that is almost right")
        }
        if controls.mutants.minimumScore == nil, Drivers.mutates(fixture.language) {
            note(.noMinimumScore, line: controls.line, "'mutants: {minimumScore: ...}' is absent: any mutant may pass")
        }
    }

    private mutating func limits() {
        let absent = [LimitKey.wall, .cpu].filter { fixture.limits[$0] == nil }.map(\.rawValue)
        if absent.count == 2 {
            note(
                .noLimit, line: 1,
                "'limits' names neither wall nor cpu: a candidate may take as long as the policy allows")
        }
    }

    private mutating func visibility() {
        // Tests of a suite lie beside the candidate: none could be hidden.
        if case .suite = fixture.body { return }
        let places = fixture.places
        guard places.count > 1, let first = places.first else { return }
        if places.allSatisfy(\.isHidden) {
            note(.onlyHidden, line: first.line, "all cases are hidden: whoever fails cannot learn why")
        } else if !places.contains(where: \.isHidden) {
            note(
                .onlyVisible, line: first.line,
                "no case is hidden: a candidate may be written to the cases that it was shown")
        }
    }

    private mutating func cases(_ cli: CLIBody) {
        var inputs: [[UInt8]: CLIBody.Case] = [:]
        for item in cli.cases {
            if let first = inputs[item.stdin] {
                repeated(
                    first.id, item.id, line: item.line,
                    isSame: (first.expected, first.expectedExit) == (item.expected, item.expectedExit))
            }
            inputs[item.stdin] = inputs[item.stdin] ?? item
            if item.expectedExit == 0, item.expected.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) {
                note(
                    .emptyExpected, line: item.line,
                    "case \(item.id) expects no output: a program that does nothing passes it")
            }
            answer(item.expected, given: item.stdin, id: item.id, line: item.line)
        }
        if cli.cases.count > 1, Set(cli.cases.map { $0.expected }).count == 1,
            Set(cli.cases.map(\.expectedExit)).count == 1
        {
            constant(line: cli.cases[0].line)
        }
    }

    private mutating func cases(_ function: FunctionBody) {
        var inputs: [String: FunctionBody.Case] = [:]
        var answers: Set<String> = []
        for item in function.cases {
            let named = item.named.map { "\($0.name)=\($0.value.canonical)" }.sorted()
            let input = (item.arguments.map(\.canonical) + named).joined(separator: "\n")
            let answer = Self.key(item.expected)
            if let first = inputs[input] {
                repeated(first.id, item.id, line: item.line, isSame: Self.key(first.expected) == answer)
            }
            inputs[input] = inputs[input] ?? item
            answers.insert(answer)
            weakness(of: item)
            if case .value(.string(let text), _) = item.expected {
                let given = JSONValue.array(item.arguments.map(\.json) + item.named.map(\.value.json)).text
                self.answer(Array(text.utf8), given: Array(given.utf8), id: item.id, line: item.line)
            }
        }
        if function.cases.count > 1, answers.count == 1 { constant(line: function.cases[0].line) }
    }

    private static func key(_ expected: FunctionBody.Expected) -> String {
        switch expected {
        case .value(let value, _): "value \(value.canonical)"
        case .exception(let type, let text): "exception \(type) \(text)"
        }
    }

    private mutating func weakness(of item: FunctionBody.Case) {
        switch item.expected {
        case .value(_, .approximate(let tolerance)) where tolerance > Self.largestTolerance:
            note(
                .weakTolerance, line: item.line,
                "case \(item.id) takes anything within \(tolerance): at most \(Self.largestTolerance) is usual")
        case .exception(let type, "") where ["Exception", "BaseException", "Error"].contains(type):
            note(
                .broadException, line: item.line,
                "case \(item.id) takes every exception, also that of a mistake: name its class or its text")
        default: break
        }
    }

    private mutating func repeated(_ first: String, _ second: String, line: Int, isSame: Bool) {
        if isSame {
            note(.duplicateInput, line: line, "case \(second) has the input of case \(first)")
        } else {
            note(
                .contradiction, line: line, "case \(second) has the input of case \(first), and expects something else")
        }
    }

    private mutating func constant(line: Int) {
        note(.constantAnswer, line: line, "all cases expect the same: a constant passes them")
    }

    /// Where the candidate is not the reference, its file is what an agent starts from and can read.
    private mutating func answer(_ answer: [UInt8], given input: [UInt8], id: String, line: Int) {
        guard let controls = fixture.controls, controls.reference.bytes != fixture.source.bytes else { return }
        let bare = Self.trimmed(answer)
        guard bare.count >= Self.leastAnswer, !Self.holds(input, bare), Self.holds(fixture.source.bytes, bare) else {
            return
        }
        note(
            .answerInCandidate, line: line,
            "what case \(id) expects stands in \(fixture.source.path), which the candidate can read")
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
        return Array(bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    private static func holds(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= bytes.count else { return false }
        return (0...(bytes.count - part.count)).contains { start in
            bytes[start] == part[0] && bytes[start..<(start + part.count)].elementsEqual(part)
        }
    }
}
