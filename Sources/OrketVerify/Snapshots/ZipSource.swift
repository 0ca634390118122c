import OrketSystem

/// A zip archive with stored and deflated entries (APPNOTE 6.3), read so that nothing in it is said twice with two
/// meanings: the local headers say what the central directory says, and entries fill the file without gap or overlap.
struct ZipSource: CandidateSource {
    private let file: SpooledFile
    /// By the position of the items.
    private var entries: [ZipEntry] = []

    init(_ file: SpooledFile) { self.file = file }

    mutating func list(into listing: inout Listing) throws(ImportStop) {
        let end = try ZipEnd(file)
        guard end.count <= listing.limits.entries else {
            throw .finding("more than \(listing.limits.entries) entries")
        }
        var offset = end.directoryOffset
        for _ in 0..<end.count {
            let (entry, next) = try ZipEntry.read(file, at: offset, end: end.offset)
            offset = next
            entries.append(entry)
        }
        guard offset == end.offset else { throw .finding("bytes between the central directory and its end record") }
        try checkLayout(directory: end.directoryOffset)
        for index in entries.indices {
            do throws(ImportStop) { try take(index, &listing) } catch {
                try listing.findings.note(error)
            }
        }
    }

    /// Each entry begins where the one before it ends.
    private mutating func checkLayout(directory: UInt64) throws(ImportStop) {
        let order = entries.indices.sorted { entries[$0].offset < entries[$1].offset }
        var expected: UInt64 = 0
        for (place, index) in order.enumerated() {
            guard entries[index].offset == expected else {
                throw .entry(
                    entries[index].path,
                    "begins at byte \(entries[index].offset) and not at \(expected): "
                        + "entries overlap, or something is hidden between them")
            }
            expected = place + 1 < order.count ? entries[order[place + 1]].offset : directory
            try entries[index].readLocal(file, end: expected)
        }
        guard expected == directory else {
            throw .finding("bytes before the central directory that belong to no entry")
        }
    }

    private mutating func take(_ index: Int, _ listing: inout Listing) throws(ImportStop) {
        let entry = entries[index]
        var item = Listing.Item(path: entry.path, kind: .directory, size: entry.size, position: index)
        if entry.path.contains(UInt8(ascii: "\\")) { throw .entry(entry.path, "a path with a backslash") }
        if !entry.isText { throw .entry(entry.path, "a name that is not ASCII and not marked as UTF-8") }
        let isNamedDirectory = entry.path.last == UInt8(ascii: "/")
        if isNamedDirectory { item.path.removeLast() }
        switch entry.mode.map({ $0 & 0o170000 }) {
        case nil, 0: item.kind = isNamedDirectory ? .directory : .file
        case 0o100000: item.kind = .file
        case 0o040000: break
        case 0o120000: item.kind = .link
        default: throw .entry(entry.path, "is a device, FIFO or socket")
        }
        guard (item.kind == .directory) == isNamedDirectory else {
            throw .entry(entry.path, "is a directory by its name or by its mode, but not by both")
        }
        let mode = entry.mode ?? 0
        if item.kind != .directory, let problem = FileStamp.privilegeProblem(mode: mode) {
            throw .entry(entry.path, problem)
        }
        if item.kind == .file && mode & 0o111 != 0 { item.kind = .executable }
        if item.kind == .directory && entry.size > 0 { throw .entry(entry.path, "is a directory with content") }
        if listing.limits.isBomb(inflated: entry.size, compressed: entry.compressedSize) {
            throw .entry(entry.path, "inflates to more than \(listing.limits.compressionRatio) times its size")
        }
        guard listing.vet(item.path) != nil else { return }
        if item.kind == .link {
            guard entry.size <= listing.limits.pathBytes else {
                throw .entry(entry.path, "a link with more than \(listing.limits.pathBytes) bytes of target")
            }
            try entry.inflate(file) { bytes throws(ImportStop) in item.target += bytes }
        }
        listing.add(item)
    }

    func copy(_ item: Listing.Item, into writer: ContentWriter) throws(ImportStop) {
        try entries[item.position].inflate(file) { bytes throws(ImportStop) in try writer.add(bytes) }
    }
}
