import OrketCore
import OrketTestSupport
import Testing

@Suite("Limits as text")
struct LimitParserTests {
    @Test(
        "reads values with their units",
        arguments: [
            ("2s", LimitKey.wall, 2_000), ("250ms", .cpu, 250), ("1.25s", .idle, 1_250), ("0.001s", .wall, 1),
            ("3m", .wall, 180_000), ("24h", .cpu, 86_400_000), ("1.5m", .wall, 90_000), ("256MiB", .memory, 256 << 20),
            ("1TiB", .memory, 1 << 40), ("1.5GiB", .memory, 3 << 29), ("1B", .output, 1), ("0.5KiB", .fsize, 512),
            ("4KiB", .disk, 4_096), ("64", .pids, 64), ("32768", .pids, 32_768), ("16", .inodes, 16), ("8", .nofile, 8),
        ] as [(String, LimitKey, UInt64)])
    func good(text: String, key: LimitKey, value: UInt64) {
        #expect(LimitParser.parse(text, for: key) == .success(value))
    }

    @Test(
        "refuses what is no limit, and says what to write",
        arguments: [
            ("", LimitKey.wall, "a value is missing"), ("0s", .wall, "never off"), ("0", .pids, "never off"),
            ("0.0s", .cpu, "never off"), ("-1s", .wall, "negative"), ("-0", .pids, "negative"),
            ("NaN", .wall, "no number"), ("nan", .memory, "no number"), ("inf", .cpu, "no number"),
            ("infinity", .pids, "no number"), ("unlimited", .pids, "no number"), ("max", .memory, "no number"),
            ("+5s", .wall, "no number"), (" 5s", .wall, "no number"), (".5s", .wall, "no number"),
            ("5", .wall, "the unit is missing"), ("5", .memory, "the unit is missing"), ("5 s", .wall, "is no unit"),
            ("5S", .wall, "is no unit"), ("5MB", .memory, "is no unit"), ("5M", .memory, "is no unit"),
            ("5mib", .memory, "is no unit"), ("5s\n", .wall, "is no unit"), ("1e3ms", .wall, "is no unit"),
            ("0x10", .pids, "plain whole number"), ("64B", .pids, "plain whole number"),
            ("010s", .wall, "leading zeros"), ("007", .pids, "leading zeros"), ("1.s", .wall, "fraction"),
            ("1.2345s", .wall, "fraction"), ("1.5", .pids, "whole number"), ("0.1ms", .wall, "no whole number of"),
            ("0.001B", .output, "no whole number of"), ("25h", .wall, "above the largest"),
            ("18446744073709551615ms", .wall, "above the largest"), ("18446744073709551616B", .memory, "above"),
            ("18014398509481984KiB", .memory, "above"), ("16777216TiB", .memory, "above"),
            ("99999999999999999999999999", .nofile, "above"), ("2TiB", .fsize, "above"), ("512KiB", .memory, "below"),
            ("4095B", .disk, "below"), ("7", .nofile, "below"), ("15", .inodes, "below"), ("32769", .pids, "above"),
            ("\u{FF11}\u{FF12}s", .wall, "no number"), ("\u{0663}s", .wall, "no number"),
            ("1\u{0660}s", .wall, "no unit"),
        ] as [(String, LimitKey, String)])
    func bad(text: String, key: LimitKey, hint: String) {
        switch LimitParser.parse(text, for: key) {
        case .success(let value): Issue.record("\(text) was read as \(value)")
        case .failure(let refusal):
            #expect(refusal.description.contains(hint))
            #expect(refusal.description.hasPrefix(key.rawValue + ": "))
        }
    }

    @Test(
        "every value within the bounds of its key is written and read back as the same number",
        arguments: LimitKey.allCases)
    func roundTrip(key: LimitKey) {
        var random = SeededGenerator(seed: 1)
        let bounds = key.bounds
        let scattered = (0..<2_000).map { _ in
            // Even over the magnitudes, not over the values: small ones are where units change.
            min(
                bounds.upperBound,
                max(
                    bounds.lowerBound,
                    UInt64.random(in: 0...(.max), using: &random) >> UInt64.random(in: 0..<64, using: &random)))
        }
        for value in [bounds.lowerBound, bounds.upperBound] + scattered {
            let text = LimitParser.format(value, for: key)
            #expect(LimitParser.parse(text, for: key) == .success(value), "\(text)")
        }
    }

    @Test("a number outside the bounds of its key is refused, whatever the unit", arguments: LimitKey.allCases)
    func outside(key: LimitKey) {
        let bounds = key.bounds
        let smallestUnit = key.unit == .duration ? "ms" : key.unit == .bytes ? "B" : ""
        for value in [bounds.upperBound + 1, .max] {
            #expect((try? LimitParser.parse("\(value)\(smallestUnit)", for: key).get()) == nil)
        }
        if bounds.lowerBound > 1 {
            #expect((try? LimitParser.parse("\(bounds.lowerBound - 1)\(smallestUnit)", for: key).get()) == nil)
        }
    }

    @Test("no text makes the parser trap or give a value outside the bounds", arguments: 0..<4 as Range<UInt64>)
    func anyText(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let alphabet = Array("0123456789.-+eExsmhBKMGTib nNaAfF\u{0660}\u{FF11}\u{301}")
        for _ in 0..<5_000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            let key = LimitKey.allCases.randomElement(using: &random)!
            if case .success(let value) = LimitParser.parse(text, for: key) {
                #expect(key.bounds.contains(value), "\(text)")
            }
        }
    }
}

@Suite("Limits of a command line")
struct LimitAssignmentTests {
    @Test("applies every assignment")
    func applies() throws {
        var limits = Limits()
        try LimitParser.apply(["wall=2s", "memory=64MiB", "idle=1s"], to: &limits)
        var expected = Limits()
        (expected.wallMs, expected.memoryBytes, expected.idleMs) = (2_000, 64 << 20, 1_000)
        #expect(limits == expected)
    }

    @Test("reports all findings at once, and then changes nothing")
    func allFindings() throws {
        var limits = Limits()
        let texts = ["wall=0s", "pids=5", "speed=3", "memory", "cpu=NaN", "pids=6", "=3", "disk=1KiB=2"]
        let error = #expect(throws: InvalidInput.self) { try LimitParser.apply(texts, to: &limits) }
        let messages = try #require(error).findings.map(\.message)
        #expect(messages.count == 7)
        for hint in [
            "never off", "\"speed=3\": write KEY=VALUE", "\"memory\"", "no number", "pids is given twice", "\"=3\"",
        ] {
            #expect(messages.contains { $0.contains(hint) }, "\(hint)")
        }
        #expect(error?.findings.allSatisfy { $0.file == "--limit" } == true)
        #expect(limits == Limits())
    }

    @Test("each key reads and writes its own limit; only the idle limit can be off", arguments: LimitKey.allCases)
    func keys(key: LimitKey) {
        var limits = Limits()
        limits[key] = 77
        #expect(limits[key] == 77)
        for other in LimitKey.allCases where other != key { #expect(limits[other] == Limits()[other]) }
        limits[key] = nil
        #expect(limits[key] == (key == .idle ? nil : 77))
    }

    @Test("the limits that hold where nothing is said are within their bounds", arguments: LimitKey.allCases)
    func defaults(key: LimitKey) {
        if let value = Limits()[key] { #expect(key.bounds.contains(value)) }
    }
}
