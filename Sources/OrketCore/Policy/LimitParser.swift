/// Reads and writes the text form of limits: `256MiB`, `2s`, `64`. The same rules hold for `--limit` and for `limits:`.
///
/// Units are never implied, and nothing means "unlimited": an overflow that wraps to 0 or a 0 that turns a check off has
/// opened other sandboxes.
package enum LimitParser {
    /// Why a text is no value of a limit: one sentence that tells what to write instead.
    package struct Refusal: Error, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// Value of one limit in milliseconds, bytes or a count, inside the bounds of its key.
    package static func parse(_ text: String, for key: LimitKey) -> Result<UInt64, Refusal> {
        do throws(Refusal) {
            let value = try scaled(split(text, key), key)
            if value == 0 { throw refusal(key, "0 is refused, a limit is never off") }
            let bounds = key.bounds
            if value < bounds.lowerBound {
                throw refusal(key, "\(text) is below the smallest value, \(format(bounds.lowerBound, for: key))")
            }
            if value > bounds.upperBound { throw tooLarge(key) }
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    /// Applies `key=value` texts of a command line. All of them are checked; when one is refused, `limits` stays as it was.
    package static func apply(_ assignments: [String], to limits: inout Limits) throws(InvalidInput) {
        var changed = limits
        var seen: Set<LimitKey> = []
        var findings: [Finding] = []
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let key = LimitKey(rawValue: String(parts[0])) else {
                findings.append(
                    Finding(file: "--limit", "\(CanonicalText.quote(assignment)): write KEY=VALUE, \(keyHint)"))
                continue
            }
            if !seen.insert(key).inserted {
                findings.append(Finding(file: "--limit", "\(key.rawValue) is given twice"))
            }
            switch parse(String(parts[1]), for: key) {
            case .success(let value): changed[key] = value
            case .failure(let refusal): findings.append(Finding(file: "--limit", refusal.description))
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        limits = changed
    }

    /// Shortest exact text of a value; `parse` reads it back to the same number.
    package static func format(_ value: UInt64, for key: LimitKey) -> String {
        let unit = units(of: key).last { value > 0 && value.isMultiple(of: $0.factor) }
        guard let unit else { return String(value) }
        return String(value / unit.factor) + unit.name
    }

    // MARK: - Parts

    /// A decimal number as it stands in the text: `1.25s` is (whole 1, thousandths 250, unit "s").
    private struct Parts {
        var whole: UInt64
        var thousandths: UInt64
        var unit: Substring
    }

    private static func split(_ text: String, _ key: LimitKey) throws(Refusal) -> Parts {
        if text.isEmpty { throw refusal(key, "a value is missing") }
        if text.hasPrefix("-") { throw refusal(key, "a negative value is refused") }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        var rest = text.dropFirst(digits.count)
        guard !digits.isEmpty else { throw refusal(key, "\(CanonicalText.quote(text)) is no number") }
        // YAML 1.1 reads 010 as eight; a limit must not depend on the reader.
        if digits.count > 1, digits.first == "0" { throw refusal(key, "leading zeros are refused") }
        guard let whole = UInt64(digits) else { throw tooLarge(key) }

        var thousandths: UInt64 = 0
        if rest.first == "." {
            let fraction = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            guard (1...3).contains(fraction.count) else {
                throw refusal(key, "\(CanonicalText.quote(text)) has no fraction of one to three digits")
            }
            thousandths = UInt64(fraction + String(repeating: "0", count: 3 - fraction.count))!
            rest = rest.dropFirst(1 + fraction.count)
        }
        return Parts(whole: whole, thousandths: thousandths, unit: rest)
    }

    private static func scaled(_ parts: Parts, _ key: LimitKey) throws(Refusal) -> UInt64 {
        guard let unit = units(of: key).first(where: { $0.name == parts.unit }) else {
            if key.unit == .count { throw refusal(key, "a plain whole number is expected, without a unit") }
            if parts.unit.isEmpty { throw refusal(key, "the unit is missing, \(hint(key))") }
            throw refusal(key, "\(CanonicalText.quote(String(parts.unit))) is no unit, \(hint(key))")
        }
        if key.unit == .count, parts.thousandths != 0 { throw refusal(key, "a whole number is expected") }
        let (whole, overflow) = parts.whole.multipliedReportingOverflow(by: unit.factor)
        if overflow { throw tooLarge(key) }
        // The largest factor is 2^40, so this product cannot overflow.
        let (part, remainder) = (parts.thousandths * unit.factor).quotientAndRemainder(dividingBy: 1_000)
        if remainder != 0 { throw refusal(key, "the value is no whole number of \(unitName(key))") }
        let (sum, carry) = whole.addingReportingOverflow(part)
        if carry { throw tooLarge(key) }
        return sum
    }

    // MARK: - Tables and texts

    /// Units by rising factor. Decimal byte units are left out on purpose: people write MB and mean MiB.
    private static func units(of key: LimitKey) -> [(name: String, factor: UInt64)] {
        switch key.unit {
        case .duration: [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)]
        case .bytes: [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40)]
        case .count: [("", 1)]
        }
    }

    private static func unitName(_ key: LimitKey) -> String {
        switch key.unit {
        case .duration: "milliseconds"
        case .bytes: "bytes"
        case .count: "items"
        }
    }

    private static func hint(_ key: LimitKey) -> String {
        let names = units(of: key).map(\.name).joined(separator: ", ")
        return "write one of \(names), such as \(key.unit == .duration ? "2s" : "256MiB")"
    }

    private static let keyHint = "with KEY one of " + LimitKey.allCases.map(\.rawValue).joined(separator: ", ")

    private static func tooLarge(_ key: LimitKey) -> Refusal {
        refusal(key, "the value is above the largest one, \(format(key.bounds.upperBound, for: key))")
    }

    private static func refusal(_ key: LimitKey, _ text: String) -> Refusal {
        Refusal(description: "\(key.rawValue): \(text)")
    }
}
