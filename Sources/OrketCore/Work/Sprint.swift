/// Thirteen weeks make a quarter, a week is a sprint: `Q1 S6`. Quarters are counted on without end.
package struct Sprint: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// From 1.
    package let quarter: Int
    /// 1...13.
    package let number: Int

    /// Nil outside of these bounds.
    package init?(quarter: Int, number: Int) {
        guard (1...Self.maximumQuarter).contains(quarter), (1...Self.perQuarter).contains(number) else { return nil }
        self.quarter = quarter
        self.number = number
    }

    /// The label of a sprint, `Q1 S6`, without zeros in front; nil for anything else.
    package init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].first == "Q", words[1].first == "S",
            let quarter = Int(words[0].dropFirst()), let number = Int(words[1].dropFirst()),
            let sprint = Sprint(quarter: quarter, number: number), sprint.description == text
        else { return nil }
        self = sprint
    }

    package static let perQuarter = 13
    private static let maximumQuarter = 100_000

    package var description: String { "Q\(quarter) S\(number)" }

    package static func < (a: Self, b: Self) -> Bool { (a.quarter, a.number) < (b.quarter, b.number) }
}
