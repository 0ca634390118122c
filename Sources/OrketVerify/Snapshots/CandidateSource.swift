/// Where a candidate comes from. First everything is listed and checked, then content is taken, then it is confirmed that
/// the list still holds; so nothing is stored of what is refused by its names, kinds or sizes.
protocol CandidateSource {
    /// Announces every entry. Defects are findings of the listing; throws what ends the import at once.
    mutating func list(into listing: inout Listing) throws(ImportStop)
    /// Writes the content of one file, exactly as many bytes as were announced, or refuses it.
    mutating func copy(_ item: Listing.Item, into writer: ContentWriter) throws(ImportStop)
    /// Adds a finding for each entry that is no longer what was listed.
    mutating func confirm(_ findings: inout ImportFindings) throws(ImportStop)
}

extension CandidateSource {
    /// For sources that nobody else can change.
    func confirm(_ findings: inout ImportFindings) throws(ImportStop) {}
}

/// Bytes that are read at a time.
let importChunkBytes = 256 << 10
