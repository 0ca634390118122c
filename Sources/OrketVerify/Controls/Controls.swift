import OrketCore

/// Candidates whose verdicts are known before: they show that a fixture can fail, and that it can be passed.
package struct Controls: Sendable {
    /// Must pass.
    package var reference: ControlFile
    /// Each must fail: programs that are almost right.
    package var broken: [ControlFile]
    /// What was there before the work; must fail.
    package var baseline: ControlFile?
    /// Whether a candidate without content must fail.
    package var empty = true
    package var mutants = MutantRules()
    /// 1-based line of `controls` in the `fixture.yaml`.
    package var line: Int

    /// True when there is a candidate that must fail.
    package var hasNegative: Bool { empty || baseline != nil || !broken.isEmpty }

    /// All of them in the order of their reports.
    package var all: [Control] {
        [Control(kind: .reference, file: reference)] + broken.map { Control(kind: .broken, file: $0) }
            + [baseline.map { Control(kind: .baseline, file: $0) }].compactMap { $0 }
            + (empty ? [Control(kind: .empty, file: ControlFile(path: "", bytes: []))] : [])
    }
}

/// A candidate that belongs to the fixture.
package struct ControlFile: Sendable, Hashable {
    /// Beside the `fixture.yaml`; "" for the empty candidate, which is no file.
    package var path: String
    package var bytes: [UInt8]
}

/// One control with what it stands for.
package struct Control: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable { case reference, broken, baseline, empty }

    package var kind: Kind
    package var file: ControlFile
}

/// What a fixture asks of mutants of its reference.
package struct MutantRules: Sendable, Hashable {
    /// Least share of mutants that must fail, 0 to 1; nil asks for none.
    package var minimumScore: Double?
    /// A sample of so many is run where there are more.
    package var maximum = 200
    /// Ids of mutants that do the same as the reference, as the author found out.
    package var equivalent: [String] = []
}

extension Fixture {
    /// The same fixture about another candidate, as `candidate` names it. What it expects to show is not asked.
    package func judging(_ bytes: [UInt8], candidate: String) -> Fixture {
        var fixture = self
        fixture.source = InputFile(path: source.path, bytes: bytes)
        fixture.candidate = candidate
        (fixture.treeDigest, fixture.refusal) = (nil, nil)
        if case .suite(var suite) = body {
            suite.candidate = [fixture.source]
            fixture.body = .suite(suite)
        }
        fixture.expect = nil
        return fixture
    }
}
