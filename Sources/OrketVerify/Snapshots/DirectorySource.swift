import OrketSystem

/// A directory that its owner may be changing. Everything is looked up beneath one descriptor, through no link, within
/// one file system.
///
/// Theory of operation: the walk notes the stamp of every entry. A file is copied only while its stamp is the noted one,
/// and at the end all stamps are read again. So the snapshot is the tree as it stood at the end of the walk, or refused.
struct DirectorySource: CandidateSource {
    private let root: Descriptor
    /// By the position of the items; the root itself is the first.
    private var seen: [(path: String, stamp: FileStamp)] = []

    init(root: Descriptor) { self.root = root }

    mutating func list(into listing: inout Listing) throws(ImportStop) {
        seen.append((".", try ImportStop.reading([]) { () throws(SystemError) in try FileStamp(root) }))
        var pending = ["."]
        while let directory = pending.popLast(), !listing.isFull {
            let names: [[UInt8]]
            do throws(SystemError) {
                names = try Files.candidateNames(root, directory, limit: listing.limits.entries + 1)
            } catch {
                try listing.findings.note(ImportStop(Array(directory.utf8), error))
                continue
            }
            let prefix = directory == "." ? [] : Array((directory + "/").utf8)
            for name in names.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                guard let path = listing.vet(prefix + name) else { continue }
                do throws(ImportStop) {
                    if try take(path, &listing) == .directory { pending.append(path) }
                } catch {
                    try listing.findings.note(error)
                }
            }
        }
        LiveFile.settle(newest: seen.map(\.stamp.changed).max() ?? 0)
    }

    private mutating func take(_ path: String, _ listing: inout Listing) throws(ImportStop) -> FileStamp.Kind {
        let bytes = Array(path.utf8)
        let limit = listing.limits.pathBytes
        let (stamp, target) = try ImportStop.reading(bytes) { () throws(SystemError) in
            let handle = try Files.openHandle(root, path)
            let stamp = try FileStamp(handle)
            return (stamp, stamp.kind == .link ? try Files.linkTarget(handle, limit: limit) : [])
        }
        var item = Listing.Item(path: bytes, kind: .directory, position: seen.count)
        switch stamp.kind {
        case .directory: break
        case .link:
            item.kind = .link
            item.target = target
            item.size = UInt64(target.count)
        case .regular:
            item.kind = stamp.fileKind
            item.size = stamp.size
            if let problem = stamp.privilegeProblem { listing.findings.add(bytes, problem) }
            // Another name may lie outside, where the candidate's author could not read what the importer can.
            if stamp.links != 1 { listing.findings.add(bytes, "has \(stamp.links) hard links; copy it") }
        case .other(let kind): throw .entry(bytes, kind)
        }
        seen.append((path, stamp))
        listing.add(item)
        return stamp.kind
    }

    func copy(_ item: Listing.Item, into writer: ContentWriter) throws(ImportStop) {
        try file(item).copy(into: writer)
    }

    /// All bytes of one file.
    func contents(of item: Listing.Item) throws(ImportStop) -> [UInt8] {
        var bytes: [UInt8] = []
        try file(item).copy { chunk throws(ImportStop) in bytes += chunk }
        return bytes
    }

    private func file(_ item: Listing.Item) throws(ImportStop) -> LiveFile {
        let (path, stamp) = seen[item.position]
        let file = try ImportStop.reading(item.path) { () throws(SystemError) in try Files.openBeneath(root, path) }
        return LiveFile(item.path, file, stamp)
    }

    func confirm(_ findings: inout ImportFindings) throws(ImportStop) {
        for (path, stamp) in seen {
            let bytes = Array(path.utf8)
            do throws(ImportStop) {
                let now = try ImportStop.reading(bytes) { () throws(SystemError) in
                    try FileStamp(try Files.openHandle(root, path))
                }
                if now != stamp { throw .changed(bytes) }
            } catch {
                try findings.note(error)
            }
        }
    }
}
