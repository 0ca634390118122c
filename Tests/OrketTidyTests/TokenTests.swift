import Testing

@Suite("Tokens")
struct TokenTests {
    /// Types that stand for something that was checked, each with the one file that may make a value of it.
    private static let makers = [
        "VerifiedEvidence": "Sources/OrketCore/Gate/Gate.swift",
        "CheckedReceipt": "Sources/OrketAttest/Receipts/ReceiptClaim+Gate.swift",
        "Transition": "Sources/OrketCore/Transitions/StateMachine.swift",
    ]

    /// Places where a value of `type` is made: `Type(`, `Type.init`, or an extension of it, which could make one under
    /// another name.
    private static func makings(of type: String, in file: SourceFile) -> [Int] {
        zip(1..., file.code.map { String($0) }).filter { _, line in
            line.ranges(of: type).contains { range in
                let before = range.lowerBound == line.startIndex ? " " : line[line.index(before: range.lowerBound)]
                let rest = line[range.upperBound...]
                let isWord = !(before.isLetter || before.isNumber || before == "_")
                let isExtension =
                    line.hasPrefix("extension \(type)") && (rest.first.map { $0 == " " || $0 == ":" } ?? true)
                return isWord && (rest.hasPrefix("(") || rest.hasPrefix(".init") || isExtension)
            }
        }.map(\.0)
    }

    @Test("what completes an issue is made in one file, from what was checked")
    func makers() {
        let files = Repository.files("Sources/", ".swift")
        for (type, maker) in Self.makers {
            let places = files.filter { !Self.makings(of: type, in: $0).isEmpty }.map(\.path)
            #expect(places == [maker], "\(type)")
        }
        // By its context alone: the label says what it is.
        let byLabel = files.filter { file in
            file.code.contains { line in line.split { !$0.isLetter && $0 != ":" }.contains { String($0) == "verified:" }
            }
        }
        #expect(byLabel.map(\.path) == [Self.makers["CheckedReceipt"]])
    }

    @Test("a token that is made elsewhere is found, however it is written")
    func findsMakings() {
        func count(_ text: String) -> Int {
            Self.makings(of: "VerifiedEvidence", in: SourceFile(path: "a.swift", text: text)).count
        }
        #expect(count("let a = VerifiedEvidence(question, accepting: [])\n") == 1)
        #expect(count("let a = OrketCore.VerifiedEvidence.init(question)\n") == 1)
        #expect(count("extension VerifiedEvidence {\n}\n") == 1)
        #expect(count("let a: VerifiedEvidence? = b\nlet c: [VerifiedEvidence] = []\n") == 0)
        #expect(count("// VerifiedEvidence(x)\nlet a = UnVerifiedEvidence(x)\n") == 0)
    }
}
