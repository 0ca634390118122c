import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

/// Fixtures that a test writes and has judged for real.
struct KindBench {
    let verifier: RealVerifier

    /// Runs `body` with a supervisor of its own.
    static func run(_ languages: Set<Language>, _ body: (KindBench) async throws -> Void) async throws {
        let bench = KindBench(verifier: try await RealVerifier(languages))
        do {
            try await body(bench)
        } catch {
            await bench.verifier.shutdown()
            throw error
        }
        await bench.verifier.shutdown()
    }

    /// The report about a fixture of this text, with `files` beside it.
    func judge(_ yaml: String, _ files: [String: String]) async throws -> FixtureReport {
        let directory = TemporaryDirectory()
        for (name, text) in files { _ = directory.write(name, text) }
        let fixture = try FixtureDecoder.read(directory.write("fixture.yaml", yaml))
        return await verifier.fixtures.verify(fixture).report
    }
}

/// What a fixture is to come to: an outcome, the primary reason, and a part of its sentence.
struct Wanted: Sendable, CustomTestStringConvertible {
    var name: String
    var source: String
    var outcome: Outcome
    var reason: ReasonCode?
    var detail: String

    init(_ name: String, _ outcome: Outcome, _ reason: ReasonCode? = nil, _ detail: String = "", _ source: String) {
        (self.name, self.source, self.outcome, self.reason, self.detail) = (name, source, outcome, reason, detail)
    }

    /// A pass.
    init(_ name: String, _ outcome: Outcome, _ source: String) { self.init(name, outcome, nil, "", source) }

    /// Time enough for a busy host, unless time is what it is about.
    var wall: String { reason == .wallTime ? "2s" : "20s" }

    var testDescription: String { name }

    func check(_ report: FixtureReport) {
        #expect(report.outcome == outcome, "\(name): \(report.reasons)")
        #expect(report.reasons.first?.code == reason, "\(name): \(report.reasons)")
        if !detail.isEmpty {
            #expect(report.reasons.contains { $0.detail.contains(detail) }, "\(name): \(report.reasons)")
        }
    }
}

/// The findings of a fixture that is refused, as `line:column message`.
func refusals(_ yaml: String, _ files: [String: String] = [:]) -> [String] {
    let directory = TemporaryDirectory()
    for (name, text) in files { _ = directory.write(name, text) }
    let file = directory.write("fixture.yaml", yaml)
    do throws(InvalidInput) {
        _ = try FixtureDecoder.read(file)
        return []
    } catch {
        return error.findings.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.message)" }
    }
}
