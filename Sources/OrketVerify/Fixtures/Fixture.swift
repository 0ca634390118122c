package import OrketCore

/// A task with everything that tells right from wrong: what the candidate is, how it is used, and what must come of it.
package struct Fixture: Sendable {
    package var id: String
    package var why: String
    package var language: Language
    /// Name of the candidate's file in the workspace, and its bytes.
    package var source: InputFile
    /// The path of that file as the fixture names it: beneath the fixture, and beneath a candidate of many files.
    package var sourceName: String
    /// The candidate as the user knows it: a path.
    package var candidate: String
    package var limits: [LimitKey: UInt64]
    package var repetition: Repetition
    package var expect: Expectation?
    /// The `fixture.yaml`.
    package var file: String
    package var body: Body
    /// Nil when the fixture names none; it cannot be proven then.
    package var controls: Controls?
    /// The files that it consists of.
    package var content: FixtureContent
    /// Digest of the snapshot that the candidate was taken from; nil for a candidate of one file.
    package var treeDigest: String?
    /// Why what was handed in cannot be judged: nothing runs then.
    package var refusal: Verdict?

    /// What depends on the kind.
    package enum Body: Sendable {
        case cli(CLIBody)
        case function(FunctionBody)
        case check(CheckBody)
        case judge(JudgeBody)
        case suite(SuiteBody)
        case command(CommandBody)
        case http(HTTPBody)
    }

    /// How often the whole is tried, declared before the first attempt: `passes` of `runs` make a pass.
    package struct Repetition: Sendable, Hashable {
        package var runs = 1
        package var passes = 1

        /// Once.
        package init() {}
    }

    /// One case as reports name it.
    package struct Place: Sendable, Hashable {
        package var id: String
        /// 1-based line in the `fixture.yaml`.
        package var line: Int
        /// Nothing of its input or output may show in a result.
        package var isHidden = false
        /// What the kind calls a case.
        package var word = "case"
    }

    /// The word of `kind`.
    package var kind: String {
        switch body {
        case .cli: "cli"
        case .function: "function"
        case .check: "check"
        case .judge: "judge"
        case .suite: "suite"
        case .command: "command"
        case .http: "http"
        }
    }

    /// Toolchains that its programs need.
    package var languages: Set<Language> {
        switch body {
        case .cli, .function, .check, .suite, .command, .http: [language]
        case .judge(let judge): [language, judge.judge.language]
        }
    }

    /// How strong a verdict about it can be.
    package var assurance: Assurance {
        switch body {
        case .cli, .judge, .command, .http: .blackbox
        case .function, .check: .split
        case .suite: .inProcess
        }
    }

    /// The cases in the order of their results.
    package var places: [Place] {
        switch body {
        case .cli(let cli): cli.cases.map { Place(id: $0.id, line: $0.line, isHidden: $0.isHidden) }
        case .function(let function): function.cases.map { Place(id: $0.id, line: $0.line, isHidden: $0.isHidden) }
        case .http(let http): http.requests.map(\.place)
        case .command(let command): command.steps.map(\.place)
        case .judge(let judge): judge.cases.map(\.place)
        case .check(let check): [Place(id: "check", line: check.line, isHidden: check.isHidden)]
        case .suite(let suite): suite.pinned.map { Place(id: $0, line: suite.line) }
        }
    }
}

/// Kind `cli`: a program that reads stdin and must write the right stdout, case by case.
package struct CLIBody: Sendable {
    package var compile: [String]?
    package var run: [String]
    package var cases: [Case]

    /// One input with everything that must come of it.
    package struct Case: Sendable {
        package var id: String
        package var stdin: [UInt8]
        package var expected: [UInt8]
        package var expectedExit: Int32
        package var isHidden: Bool
        package var line: Int
    }

    /// The trusted input of the verifier for this fixture. All cases run, so that a person sees every one that fails.
    package func verification(of fixture: Fixture) -> Verification {
        Verification(
            language: fixture.language, files: [fixture.source], compile: compile, run: run,
            trials: cases.map {
                Trial(
                    name: "case \($0.id)", stdin: $0.stdin, expectedExit: $0.expectedExit, expectedStdout: $0.expected,
                    isHidden: $0.isHidden)
            },
            runLimits: fixture.limits, assurance: fixture.assurance)
    }
}

/// Kind `function`: one entry point that is called with typed arguments; results are compared outside of the sandbox.
package struct FunctionBody: Sendable {
    /// Dotted name beneath the candidate's module.
    package var entry: String
    package var seed: UInt64
    package var cases: [Case]

    /// One call.
    package struct Case: Sendable {
        package var id: String
        package var arguments: [TypedValue]
        package var named: [(name: String, value: TypedValue)]
        package var expected: Expected
        package var isHidden: Bool
        package var line: Int
    }

    /// What must come of a call.
    package enum Expected: Sendable {
        case value(TypedValue, ValueMatcher)
        /// An exception of this class or of one below it, whose text contains `text`.
        case exception(type: String, text: String)
    }
}

/// Kind `check`: an existing checker runs unmodified in a sandbox of its own, against a proxy of the candidate.
package struct CheckBody: Sendable {
    package enum Style: String, Sendable, CaseIterable {
        /// Defines a function that takes the candidate's entry points.
        case function
        /// Asserts while it is loaded.
        case asserts
        /// Test cases of `unittest`.
        case unittest
    }

    package var source: [UInt8]
    package var style: Style
    package var function: String
    /// Names of the candidate's module that the checker finds as its own, and gets as arguments (`function`).
    package var entries: [String]
    /// The module that the checker may import.
    package var module: String
    package var isHidden: Bool
    package var line: Int
}
