package import OrketCore

/// Kind `suite`: an existing test suite, of which exactly the pinned tests must pass.
package struct SuiteBody: Sendable {
    /// What runs the tests.
    package enum Runner: String, Sendable, CaseIterable {
        case pytest, unittest
        case nodeTest = "node-test"
        /// Swift Testing and XCTest, as `swift test` runs both.
        case swiftTesting = "swift-testing"
        /// Any program that writes TAP to descriptor 3.
        case tap

        /// The language that it takes; nil takes every one.
        package var language: Language? {
            switch self {
            case .pytest, .unittest: .python
            case .nodeTest: .javascript
            case .swiftTesting: .swift
            case .tap: nil
            }
        }
    }

    package var runner: Runner
    /// The candidate's files, by their places in the workspace.
    package var candidate: [InputFile]
    /// The pristine tests: text files, by their places beneath `into`.
    package var tests: [InputFile]
    /// The directory of the workspace in which the tests appear: one name.
    package var into: String
    /// Ids of exactly the tests that must be reported as passed.
    package var pinned: [String]
    /// Path of the file with the pinned ids.
    package var pinnedFile: String
    /// The program that writes TAP; empty for the other runners.
    package var command: [String]
    /// For the runner `swift-testing` alone.
    package var swift: SwiftSuite?
    /// 1-based line of `pinned` in the `fixture.yaml`.
    package var line: Int

    /// What the sandbox gets beside the tests, and why it must not run at all: a candidate that brings other tests than the
    /// fixture's. Copies of them that are equal are left out, as they are there anyway.
    var workspace: (files: [InputFile], tampering: [Reason]) {
        let pristine = Dictionary(tests.map { ($0.path, $0.bytes) }, uniquingKeysWith: { first, _ in first })
        var files: [InputFile] = []
        var others: [String] = []
        for file in candidate {
            if file.path != into && !file.path.hasPrefix(into + "/") {
                files.append(file)
            } else if file.kind != .directory,
                file.kind == .link || pristine[String(file.path.dropFirst(into.utf8.count + 1))] != file.bytes
            {
                others.append(file.path)
            }
        }
        let reasons = others.prefix(SuiteRules.maximumSentences).map {
            Reason(.tamperedTests, "the candidate brings \($0.jsonEscaped), which is none of the fixture's tests")
        }
        return (files, reasons)
    }
}

extension Fixture {
    /// Identity of what is judged: of the bytes of a file, or of a tree as a snapshot has it.
    package var candidateDigest: String {
        if let treeDigest { return treeDigest }
        guard case .suite(let suite) = body, source.kind == .directory else { return Digest.hex(of: source.bytes) }
        return CandidateSnapshot(
            suite.candidate.map { file in
                let path = Array(file.path.utf8)
                switch file.kind {
                case .directory: return .init(path: path, kind: .directory, digest: "", size: 0)
                case .link, .file:
                    let kind: CandidateSnapshot.Kind =
                        file.kind == .link ? .link : file.executable ? .executable : .file
                    return .init(
                        path: path, kind: kind, digest: Digest.hex(of: file.bytes), size: UInt64(file.bytes.count))
                }
            }
        ).digest
    }
}
