import OrketSystem

/// A candidate of one file, which the caller named.
struct FileSource: CandidateSource {
    private let name: [UInt8]
    private let file: LiveFile

    init(_ path: String, _ file: LiveFile) {
        name = Array(path.utf8.split(separator: UInt8(ascii: "/")).last ?? [])
        self.file = file
    }

    mutating func list(into listing: inout Listing) throws(ImportStop) {
        guard listing.vet(name) != nil else { return }
        if let problem = file.stamp.privilegeProblem { listing.findings.add(name, problem) }
        listing.add(Listing.Item(path: name, kind: file.stamp.fileKind, size: file.stamp.size))
    }

    func copy(_ item: Listing.Item, into writer: ContentWriter) throws(ImportStop) {
        try file.copy(into: writer)
    }
}
