package import OrketCore

/// One run of the program with what must come of it. The expectation stays with the supervisor: nothing of it is ever
/// written into a sandbox.
package struct Trial: Sendable {
    /// Prefix of the sentences about this trial; empty when there is only one.
    package var name: String
    package var stdin: [UInt8]
    package var expectedExit: Int32
    /// Nil when the output does not matter.
    package var expectedStdout: [UInt8]?
    /// Nothing that its run could have told of its input goes into a result.
    package var isHidden: Bool

    /// A trial that must end with `expectedExit` and, unless nil, with exactly this stdout.
    package init(
        name: String, stdin: [UInt8] = [], expectedExit: Int32 = 0, expectedStdout: [UInt8]? = nil,
        isHidden: Bool = false
    ) {
        self.name = name
        self.stdin = stdin
        self.expectedExit = expectedExit
        self.expectedStdout = expectedStdout
        self.isHidden = isHidden
    }
}

/// Everything that is needed to judge one candidate: trusted input of the verifier.
package struct Verification: Sendable {
    package var language: Language
    /// The files of the workspace; the verifier's own copies, laid anew into every sandbox.
    package var files: [InputFile]
    package var compile: [String]?
    package var run: [String]
    package var trials: [Trial]
    /// Limits that replace those of the toolchain's policies.
    package var compileLimits: [LimitKey: UInt64]
    package var runLimits: [LimitKey: UInt64]
    package var assurance: Assurance
    /// Ends after the first trial that did not pass; its verdict is then decided.
    package var stopsAtFirstFailure: Bool

    /// A verification as described by its fields.
    package init(
        language: Language, files: [InputFile], compile: [String]?, run: [String], trials: [Trial],
        compileLimits: [LimitKey: UInt64] = [:], runLimits: [LimitKey: UInt64] = [:], assurance: Assurance,
        stopsAtFirstFailure: Bool = false
    ) {
        self.language = language
        self.files = files
        self.compile = compile
        self.run = run
        self.trials = trials
        self.compileLimits = compileLimits
        self.runLimits = runLimits
        self.assurance = assurance
        self.stopsAtFirstFailure = stopsAtFirstFailure
    }
}
