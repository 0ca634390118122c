import OrketCore

/// One number for a whole set of verdicts, to say that two runs concluded the same.
package enum VerdictDigest {
    /// Hex SHA-256 over the lines `id TAB outcome TAB primary reason ("-" when passed) LF`, sorted by their bytes.
    /// Neither the order of the verdicts nor the number of jobs nor any measured figure enters.
    package static func hex(_ verdicts: [CompletedVerdict]) -> String {
        let lines = verdicts.map { verdict in
            Array("\(verdict.id)\t\(verdict.outcome.rawValue)\t\(verdict.primary?.rawValue ?? "-")\n".utf8)
        }
        return Digest.hex(of: lines.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
    }
}
