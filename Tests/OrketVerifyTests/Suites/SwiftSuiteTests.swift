import OrketCore
import OrketSystem
import OrketVerify
import Testing

/// Every candidate here is compiled and runs in the real sandbox, beside the real Swift Testing and XCTest.
@Suite("Suites of Swift Testing and XCTest", .serialized, .timeLimit(.minutes(20)))
struct SwiftSuiteTests {
    static let tests = """
        /* tests */ import Testing
        /* of both */ import XCTest
        /* of it */ @testable import Calc

        @Suite struct Sums {
            @Test func small() { #expect(add(1, 2) == 3) }
            @Test(arguments: [(-1, 1), (5, -5)]) func signs(a: Int, b: Int) { #expect(add(a, b) == 0) }
            @Test func lists() throws { #expect(try #require(totals([[1, 2], [3]])) == [3, 3]) }
        }
        final class OldTests: XCTestCase {
            func testSmall() { XCTAssertEqual(add(1, 2), 3) }
            func testLater() async throws { XCTAssertTrue(add(2, 2) == 4) }
        }
        """
    static let pinned = [
        "CalcTests.OldTests/testSmall", "CalcTests.OldTests/testLater", "CalcTests.Sums/lists()",
        "CalcTests.Sums/signs(a:b:)", "CalcTests.Sums/small()",
    ]
    static let honest = """
        public func add(_ a: Int, _ b: Int) -> Int { a + b }
        func totals(_ lists: [[Int]]) -> [Int]? { lists.map { $0.reduce(0, add) } }

        """
    static let wrong = """
        public func add(_ a: Int, _ b: Int) -> Int { 9 }
        func totals(_ lists: [[Int]]) -> [Int]? { [7] }

        """

    private static var mayRun: Bool {
        let isThere = Files.exists("/opt/swift/usr/bin/swiftc") || Files.exists("/usr/bin/swiftc")
        if !isThere, Process.environment("ORKET_MUST_WORK") == "1" {
            Issue.record("this test needs a toolchain of Swift where the sandbox has one")
        }
        return isThere
    }

    private func judge(
        _ candidates: [[(String, String)]], tests: String = tests, pinned: [String] = pinned, keys: String = ""
    ) async throws -> [VerificationResult] {
        let places = candidates.map { _ in SuitePlace() }
        let fixtures = try zip(places, candidates).map { place, candidate in
            try place.fixture(
                .swiftTesting, candidate: candidate, tests: [("CalcTests.swift", tests)], pinned: pinned,
                keys: "module: Calc\n" + keys)
        }
        return try await withSuiteVerifier([.swift]) { verifier in
            await verifier.fixtures.verify(fixtures, jobs: 2).map(\.result)
        }
    }

    @Test(
        "swift: an honest candidate passes, a wrong one fails by the tests that it fails, and what is absent does not compile"
    )
    func decides() async throws {
        guard Self.mayRun else { return }
        let results = try await judge([
            [("Calc.swift", Self.honest)], [("Calc.swift", Self.wrong)], [("Calc.swift", "func minus() {}\n")], [],
            [("Calc.swift", "func (\n")],
        ])
        #expect(results[0].verdict == Verdict(.passed))
        #expect(results[0].trials.map(\.verdict.outcome) == Self.pinned.map { _ in .passed })
        #expect(results[1].verdict.reasons.map(\.code) == Self.pinned.map { _ in .resultMismatch })
        #expect(results[2].verdict.primary == .compileError)
        #expect(results[2].verdict.reasons[0].detail.contains("the tests do not compile"))
        #expect(results[2].diagnostic?.stderr.contains("add") == true)
        #expect(results[3].verdict.primary == .artifactMissing)
        #expect(results[4].verdict.primary == .compileError)
    }

    @Test("swift: what passes on the reference is what gets pinned")
    func pins() async throws {
        guard Self.mayRun else { return }
        let place = SuitePlace()
        let fixture = try place.fixture(
            .swiftTesting, candidate: [("Sources/Calc/Calc.swift", Self.honest), ("Package.swift", "nonsense\n")],
            tests: [("CalcTests.swift", Self.tests)], pinned: [], keys: "module: Calc\nsources: Sources/Calc",
            isPinning: true)
        let ids = try await withSuiteVerifier([.swift]) { try await $0.pinner.pin(fixture, fixture.suite).get() }
        #expect(ids == Self.pinned)
    }

    @Test("swift: files of a package that steer builds and runners have no effect")
    func steeringIsInert() async throws {
        guard Self.mayRun else { return }
        let steering = [
            ("Package.swift", "// swift-tools-version: 6.0\nfatalError()\n"),
            ("Package@swift-6.swift", "fatalError()\n"),
            (".swiftpm/configuration/mirrors.json", "{}"), (".build/debug/Calc.swift", "nonsense\n"),
            (".swift-testing.json", "{\"skip\": [\".*\"]}"), ("module.modulemap", "module Testing { }\n"),
            ("Testing.swiftmodule", "no module"), ("XCTest.swiftinterface", "// swift-interface-format-version: 1.0\n"),
            ("libTesting.so", "no library"), (".orket/runner", "#!/bin/sh\nexit 0\n"), ("Makefile", "test:\n\ttrue\n"),
        ]
        let results = try await judge([
            steering + [("Calc.swift", Self.honest)], steering + [("Calc.swift", Self.wrong)],
        ])
        #expect(results.map(\.verdict.outcome) == [.passed, .failed])
        #expect(results[1].verdict.primary == .resultMismatch)
    }

    /// What each adds to the wrong candidate, and what it is refused for.
    static let cheats: [(String, String, Set<ReasonCode>)] = [
        (
            "replaces == of Int", "extension Int { public static func == (a: Int, b: Int) -> Bool { true } }",
            [.tamperedTests]
        ),
        ("replaces == of arrays", "public func == (a: [Int], b: [Int]) -> Bool { true }", [.tamperedTests]),
        ("replaces a member", "extension Array { public var count: Int { 2 } }", [.tamperedTests]),
        ("replaces assertions", "public func XCTAssertEqual(_ a: Int, _ b: Int) {}", [.tamperedTests]),
        (
            "replaces #expect",
            "@freestanding(expression) public macro expect(_ c: Bool) = #externalMacro(module: \"A\", type: \"B\")",
            [.tamperedTests]
        ),
        ("replaces a type", "public struct Bool {}", [.tamperedTests]),
        (
            "hides its == in a protocol",
            "protocol Yes {}\nextension Yes { static func == (a: Self, b: Self) -> Bool { true } }\nextension Int: Yes {}",
            [.resultMismatch, .tamperedTests, .compileError]
        ),
        ("brings tests", "@_exported import Testing\n@Suite struct Sums { @Test func small() {} }", [.tamperedTests]),
        (
            "prints a pass", "let shown: Void = print(\"✔ Test run with 5 tests in 1 suite passed\")",
            [.resultMismatch]
        ),
    ]

    /// The same for what is done when a function is called.
    static let deeds: [(String, String, Set<ReasonCode>)] = [
        ("exits", "exit(0)", [.missingExpectedTest]), ("ends hard", "_exit(0)", [.missingExpectedTest]),
        ("crashes", "fatalError()", [.signal]),
        ("kills itself", "kill(getpid(), SIGKILL)", [.signal]),
        (
            "writes to all descriptors",
            "for fd in 3..<256 { let b: [UInt8] = [2, 0, 0, 0, 0x7B, 0x7D]; _ = write(Int32(fd), b, b.count) }",
            [.resultChannelForged]
        ),
        ("closes all descriptors", "for fd in 3..<256 { close(Int32(fd)) }", [.missingExpectedTest]),
        ("hangs", "while true { sleep(1) }", [.wallTime, .idleTime]),
        (
            "leaves in a child", "if fork() == 0 { _exit(0) }", [.resultMismatch]
        ),
    ]

    @Test("swift: no cheat of a candidate that is wrong passes")
    func cheatsFail() async throws {
        guard Self.mayRun else { return }
        let all =
            Self.cheats.map { ($0.0, Self.wrong + $0.1 + "\n", $0.2) }
            + Self.deeds.map { name, deed, codes in
                let body = "public func add(_ a: Int, _ b: Int) -> Int { \(deed); return 9 }"
                let source = "import Glibc\n@_silgen_name(\"fork\") func fork() -> Int32\n\(body)\n"
                return (name, source + "func totals(_ lists: [[Int]]) -> [Int]? { [7] }\n", codes)
            }
        let results = try await judge(all.map { [("Calc.swift", $0.1)] }, keys: "")
        for (cheat, result) in zip(all, results) {
            #expect(result.verdict.outcome != .passed, "\(cheat.0)")
            let primary = try #require(result.verdict.primary)
            #expect(cheat.2.contains(primary), "\(cheat.0): \(result.verdict.reasons.map(\.detail))")
        }
    }

    @Test("swift: skipped, known issues, no arguments and extra tests are no pass")
    func marksAreNoPass() async throws {
        guard Self.mayRun else { return }
        let tests = """
            /* tests */ import Testing
            /* of both */ import XCTest
            /* of it */ import Calc
            @Test(.disabled("later")) func off() {}
            @Test func known() { withKnownIssue { #expect(add(1, 1) == 3) } }
            @Test(arguments: [Int]()) func none(a: Int) {}
            @Test func cancelled() throws { try Test.cancel("no") }
            @Test func fine() {}
            final class OldTests: XCTestCase { func testSkipped() throws { throw XCTSkip("later") } }
            """
        let names = ["off()", "known()", "none(a:)", "cancelled()"].map { "CalcTests.\($0)" }
        let results = try await judge(
            [[("Calc.swift", Self.honest)]], tests: tests,
            pinned: names + ["CalcTests.OldTests/testSkipped", "CalcTests.gone()"])
        let verdict = results[0].verdict
        #expect(verdict.outcome == .failed)
        let details = verdict.reasons.map(\.detail)
        for name in ["off()", "none(a:)", "cancelled()", "testSkipped"] {
            #expect(details.contains { $0.contains(name) && $0.contains("skipped") }, "\(name) in \(details)")
        }
        #expect(details.contains { $0.contains("known()") && $0.contains("expected to fail") })
        #expect(details.contains { $0.contains("gone()") && $0.contains("has no result") })
        #expect(verdict.reasons.contains { $0.code == .unexpectedTest && $0.detail.contains("fine()") })
    }

    @Test("swift: a name that the fixture lets it declare is no tampering")
    func declares() async throws {
        guard Self.mayRun else { return }
        let source = Self.honest + "public struct Task { public var title = \"\" }\n"
        let tests = "import Testing\n@testable import Calc\n@Test func title() { #expect(Task().title.isEmpty) }\n"
        let (refused, allowed) = (
            try await judge([[("Calc.swift", source)]], tests: tests, pinned: ["CalcTests.title()"]),
            try await judge(
                [[("Calc.swift", source)]], tests: tests, pinned: ["CalcTests.title()"], keys: "declares: [Task]")
        )
        #expect(refused[0].verdict.primary == .tamperedTests)
        #expect(allowed[0].verdict == Verdict(.passed))
    }
}
