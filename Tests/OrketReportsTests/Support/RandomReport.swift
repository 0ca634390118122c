import OrketCore
import OrketTestSupport

/// A report of strings that nobody would think of: signs of every format, characters of every category, bytes that are
/// no text. The same in every run.
enum RandomReport {
    static let whole: VerificationReport = {
        var generator = SeededGenerator(seed: 0x5EED)
        var report = RichReport.empty
        report.fixtures = (0..<120).map { index in fixture(index, &generator) }
        return report
    }()

    private static let signs =
        Array(
            "<>&\"'`%#|\\:,;=[](){}*_~!@$^-. \t\r\n0aZ\u{0}\u{1B}\u{7F}\u{85}\u{A0}\u{AD}\u{300}\u{903}\u{200B}\u{200D}\u{2028}\u{202E}"
                .unicodeScalars) + ["\u{FEFF}", "\u{FFFD}", "\u{FFFE}", "\u{10FFFF}", "\u{E0041}", "\u{1F600}"]

    private static func text(_ generator: inout SeededGenerator) -> String {
        (0...Int.random(in: 0...24, using: &generator)).reduce(into: "x") { text, _ in
            let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
            let isSign = Int.random(in: 0...3, using: &generator) > 0
            text.unicodeScalars.append(isSign ? signs.randomElement(using: &generator)! : any ?? "\u{D7FF}")
        }
    }

    private static func bytes(_ generator: inout SeededGenerator) -> [UInt8] {
        let random = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        return Bool.random(using: &generator) ? random : Array(text(&generator).utf8) + random
    }

    private static func fixture(_ index: Int, _ generator: inout SeededGenerator) -> FixtureReport {
        func reasons() -> [Reason] {
            [Reason(ReasonCode.allCases.randomElement(using: &generator)!, text(&generator))]
        }
        let outcome = Outcome.allCases[index % Outcome.allCases.count]
        let place = SourceLocation(file: text(&generator), line: index + 1)
        let cases = (0..<index % 4).map { _ in
            CaseReport(
                id: text(&generator), location: place, outcome: index % 7 == 0 ? nil : outcome,
                reasons: outcome == .passed ? [] : reasons(), expected: Excerpt(bytes(&generator)),
                actual: Excerpt(bytes(&generator)), stderr: Excerpt(bytes(&generator)))
        }
        var report = FixtureReport(
            id: text(&generator), location: place, kind: "cli", language: text(&generator), candidate: text(&generator),
            outcome: outcome, reasons: outcome == .passed ? [] : reasons(), assurance: .blackbox, cases: cases)
        var stream = CapturedStream()
        stream.head = bytes(&generator)
        stream.byteCount = UInt64(stream.head.count)
        report.diagnostic = Diagnostic(step: "run", stream)
        return report
    }
}
