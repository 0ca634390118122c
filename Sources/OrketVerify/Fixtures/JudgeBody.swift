package import OrketCore

/// Kind `judge`: a program of the fixture says whether an output is right, where many are.
package struct JudgeBody: Sendable {
    package var compile: [String]?
    package var run: [String]
    package var judge: Judge
    /// Both run at the same time and talk to each other.
    package var isInteractive: Bool
    package var cases: [Case]

    /// The program that judges: part of the fixture, so trusted, and in a sandbox of its own all the same.
    package struct Judge: Sendable {
        package var language: Language
        package var source: InputFile
        package var compile: [String]?
        package var run: [String]
        package var limits: [LimitKey: UInt64]
    }

    /// One input. Only the judge gets the answer.
    package struct Case: Sendable {
        package var place: Fixture.Place
        package var stdin: [UInt8]
        package var answer: [UInt8]?

        package var id: String { place.id }
    }

    /// Names of what the judge finds beside its own files: what the candidate read (or would be told, in a match), what it
    /// wrote, and the answer.
    package static let fileNames = ["input", "output", "answer"]
}
