/// How urgent a card is: a number, higher first. In files also `High`, `Medium` and `Low` in any case, for 3, 2 and 1.
package struct Priority: Sendable, Hashable, Comparable {
    /// Finite and within `bounds`.
    package let value: Double

    /// Nil outside of `bounds`, and for NaN.
    package init?(_ value: Double) {
        guard Self.bounds.contains(value) else { return nil }
        self.value = value
    }

    /// A word or a number as it stands in a file; nil for anything else.
    package init?(_ text: String) {
        switch text.lowercased() {
        case "high": self = .high
        case "medium": self = .medium
        case "low": self = .low
        default:
            // Decimal notation only: Double(_:) would read hexadecimal and `inf` as well.
            guard text.utf8.count <= 32, text.utf8.allSatisfy({ Self.decimal.contains($0) }), let value = Double(text)
            else { return nil }
            self.init(value)
        }
    }

    private init(unchecked value: Double) { self.value = value }

    private static let decimal = Set("0123456789.".utf8)

    package static let bounds = 0.0...1_000_000
    package static let high = Priority(unchecked: 3)
    package static let medium = Priority(unchecked: 2)
    package static let low = Priority(unchecked: 1)

    /// From here on a bug counts as critical.
    package static let critical = Priority.high

    package static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}
