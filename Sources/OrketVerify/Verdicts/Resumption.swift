package import OrketCore

/// A verdict that was read back, with its line in the output file.
package struct EarlierVerdict: Sendable, Hashable {
    package let line: Int
    package let verdict: CompletedVerdict

    /// The verdict of 1-based `line`.
    package init(line: Int, verdict: CompletedVerdict) {
        self.line = line
        self.verdict = verdict
    }
}

/// What is left to do of a corpus after an interrupted run.
package struct Resumption: Sendable {
    /// Verdicts that stand, in the order of the records.
    package let kept: [CompletedVerdict]
    /// Records that have to be verified, in their order.
    package let rest: [CorpusRecord]

    /// Splits `records` by the verdicts `earlier` of the file `output`. Where an id has several lines the last one
    /// counts; inconclusive ones are done again. A verdict about a record that the corpus does not have, or has with
    /// other content, is a finding: such a file belongs to another corpus.
    package init(_ records: [CorpusRecord], earlier: [EarlierVerdict], output: String) throws(InvalidInput) {
        let digests = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0.digest) })
        var findings: [Finding] = []
        var last: [String: CompletedVerdict] = [:]
        for entry in earlier {
            let id = entry.verdict.id
            if let digest = digests[id] {
                if digest != entry.verdict.recordDigest {
                    findings.append(Finding(file: output, line: entry.line, "the record '\(id)' has changed since"))
                }
            } else {
                findings.append(Finding(file: output, line: entry.line, "the corpus has no record '\(id)'"))
            }
            last[id] = entry.verdict
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        let done = last.filter { $0.value.isFinal }
        kept = records.compactMap { done[$0.id] }
        rest = records.filter { done[$0.id] == nil }
    }

    private init(kept: [CompletedVerdict], rest: [CorpusRecord]) {
        self.kept = kept
        self.rest = rest
    }

    /// The part that concerns `records` only.
    package func restricted(to records: [CorpusRecord]) -> Resumption {
        let ids = Set(records.map(\.id))
        return Resumption(kept: kept.filter { ids.contains($0.id) }, rest: rest.filter { ids.contains($0.id) })
    }
}
