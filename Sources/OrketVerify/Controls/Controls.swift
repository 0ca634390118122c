package import OrketCore

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
            + (empty ? [Control(kind: .empty, file: reference.emptied)] : [])
    }
}

/// A candidate that belongs to the fixture.
package struct ControlFile: Sendable, Hashable {
    /// Beside the `fixture.yaml`; "" for the empty candidate, which is no file.
    package var path: String
    package var bytes: [UInt8]
    /// The files of a candidate that is a directory; `bytes` are empty then.
    package var tree: [InputFile]?

    package init(path: String, bytes: [UInt8], tree: [InputFile]? = nil) {
        (self.path, self.bytes, self.tree) = (path, bytes, tree)
    }

    /// A candidate of the same shape without content.
    var emptied: ControlFile { ControlFile(path: "", bytes: [], tree: tree.map { _ in [] }) }

    /// Files in which mutants are made: those of the directory in `language`, but for the tests of a suite that appear in `into`;
    /// of a file the file itself, whose path is "" then.
    func sources(_ language: Language, outside into: String?) -> [(path: String, bytes: [UInt8])] {
        guard let tree else { return [("", bytes)] }
        return tree.filter { file in
            let ending = file.path.split(separator: ".").last.map(String.init) ?? ""
            let isTest = into.map { file.path.hasPrefix($0 + "/") } ?? false
            return file.kind == .file && !isTest && language.endings.contains(ending)
        }.map { ($0.path, $0.bytes) }
    }

    /// The same with a mutant in place of what it changes.
    func mutated(by mutant: Mutant) -> ControlFile {
        var other = self
        other.path = "mutant \(mutant.id)"
        guard var tree else {
            other.bytes = mutant.applied(to: bytes)
            return other
        }
        for index in tree.indices where tree[index].path == mutant.file {
            tree[index].bytes = mutant.applied(to: tree[index].bytes)
        }
        other.tree = tree
        return other
    }
}

extension Language {
    /// What follows the dot in names of files whose mutants can be made.
    fileprivate var endings: Set<String> {
        switch self {
        case .python: ["py"]
        case .javascript: ["js", "cjs", "mjs"]
        default: []
        }
    }
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
    /// The same fixture about a candidate of its own.
    package func judging(_ control: ControlFile) -> Fixture {
        var fixture = judging(control.bytes, candidate: control.path)
        guard let tree = control.tree, case .suite(var suite) = fixture.body else { return fixture }
        fixture.source = .directory(source.path)
        suite.candidate = tree
        fixture.body = .suite(suite)
        return fixture
    }

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
