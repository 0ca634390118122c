package import OrketCore

/// A fixture of kind `cli`: a program that reads stdin and must write the right stdout, case by case.
package struct Fixture: Sendable {
    package var id: String
    package var why: String
    package var language: Language
    /// Name of the candidate's file in the workspace, and its bytes.
    package var source: InputFile
    /// The candidate as the user knows it: a path.
    package var candidate: String
    package var compile: [String]?
    package var run: [String]
    package var limits: [LimitKey: UInt64]
    package var cases: [Case]
    package var expect: Expectation?
    /// The `fixture.yaml`.
    package var file: String

    /// One input with everything that must come of it.
    package struct Case: Sendable {
        package var id: String
        package var stdin: [UInt8]
        package var expected: [UInt8]
        package var expectedExit: Int32
        /// Nothing of its input or output may show in a result.
        package var isHidden: Bool
        /// 1-based line of the case in the `fixture.yaml`.
        package var line: Int
    }

    /// The trusted input of the verifier for this fixture. All cases run, so that a person sees every one that fails.
    package var verification: Verification {
        Verification(
            language: language, files: [source], compile: compile, run: run,
            trials: cases.map {
                Trial(
                    name: "case \($0.id)", stdin: $0.stdin, expectedExit: $0.expectedExit, expectedStdout: $0.expected,
                    isHidden: $0.isHidden)
            },
            runLimits: limits, assurance: .blackbox)
    }
}
