package import OrketCore

/// How a value is compared with the expected one. Exact unless a fixture says otherwise, by name.
package enum ValueMatcher: Sendable, Hashable {
    case exact
    /// Floats may differ by this much, relative to the larger one; everything else, also their number, is exact.
    case approximate(Double)
    /// The members of the outermost list may come in any order.
    case unordered

    /// True when `actual` is what `expected` asks for. NaN never is.
    package func accepts(_ actual: TypedValue, expected: TypedValue) -> Bool {
        switch self {
        case .exact: return actual == expected
        case .approximate(let tolerance): return Self.isNear(actual, expected, tolerance)
        case .unordered:
            guard case .sequence(let kind, let members) = actual, case .sequence(let wantedKind, let wanted) = expected,
                kind == wantedKind, !actual.holdsNaN, !expected.holdsNaN
            else { return false }
            return members.map(\.canonical).sorted() == wanted.map(\.canonical).sorted()
        }
    }

    private static func isNear(_ a: TypedValue, _ b: TypedValue, _ tolerance: Double) -> Bool {
        switch (a, b) {
        case (.float(let a), .float(let b)):
            if !a.isFinite || !b.isFinite { return a == b }
            return (a - b).magnitude <= tolerance * max(a.magnitude, b.magnitude, 1)
        case (.sequence(let kind, let a), .sequence(let other, let b)) where !kind.isUnordered:
            return kind == other && a.count == b.count && zip(a, b).allSatisfy { isNear($0, $1, tolerance) }
        case (.dictionary(let a), .dictionary(let b)):
            let wanted = Dictionary(b.map { ($0.key.canonical, $0.value) }) { first, _ in first }
            return a.count == b.count
                && a.allSatisfy { entry in
                    wanted[entry.key.canonical].map { isNear(entry.value, $0, tolerance) } ?? false
                }
        default: return a == b
        }
    }
}
