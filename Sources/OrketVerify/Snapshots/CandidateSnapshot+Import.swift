import OrketSystem

extension CandidateSnapshot {
    /// Imports what `path` names into `store`: a directory; an archive by the end of its name (.tar, .tar.gz, .tgz, .zip);
    /// any other file as a candidate of one file; `git:REPO@REV` as the tree of a commit. Blocks. What comes back is what
    /// was hashed, whatever happens to the source meanwhile; a change during the import is refused.
    package static func importing(
        path: String, into store: ContentStore, limits: ImportLimits = ImportLimits()
    ) throws(SnapshotError) -> CandidateSnapshot {
        var listing = Listing(limits: limits, file: path)
        do throws(ImportStop) {
            var source = try source(path, store, limits)
            try source.list(into: &listing)
            listing.checkLinks()
            if listing.findings.isEmpty {
                let snapshot = CandidateSnapshot(
                    try take(listing.items, from: &source, into: store, &listing.findings), notes: listing.notes,
                    isOneFile: source is FileSource)
                try source.confirm(&listing.findings)
                if listing.findings.isEmpty {
                    try ImportStop.storing { () throws(StorageError) in try store.put(snapshot.encoding) }
                    return snapshot
                }
            }
        } catch {
            switch error {
            case .finding(let message): listing.findings.add(message)
            case .storage(let error): throw .storage(error)
            }
        }
        throw .refused(listing.findings.input)
    }

    private static func source(
        _ path: String, _ store: ContentStore, _ limits: ImportLimits
    ) throws(ImportStop) -> any CandidateSource {
        if path.hasPrefix("git:") { return try GitSource(path, limits) }
        let file: Descriptor
        let stamp: FileStamp
        do throws(SystemError) {
            file = try Files.openNamed(path)
            stamp = try FileStamp(file)
        } catch {
            if SystemError.shortages.contains(error.errno) { throw .storage(.system(error)) }
            throw .finding("cannot be opened: \(SystemError.text(error.errno))")
        }
        switch stamp.kind {
        case .directory: return DirectorySource(root: file)
        case .regular: return try source(path, LiveFile(Array(path.utf8), file, stamp), store, limits)
        case .link: throw .finding("is a symbolic link")
        case .other(let kind): throw .finding("\(kind); name a file, a directory or an archive")
        }
    }

    private static func source(
        _ path: String, _ file: LiveFile, _ store: ContentStore, _ limits: ImportLimits
    ) throws(ImportStop) -> any CandidateSource {
        LiveFile.settle(newest: file.stamp.changed)
        let name = path.lowercased()
        if name.hasSuffix(".zip") {
            return ZipSource(try SpooledFile(file, gzip: false, store: store, limits: limits))
        }
        let gzip = name.hasSuffix(".tar.gz") || name.hasSuffix(".tgz")
        guard gzip || name.hasSuffix(".tar") else { return FileSource(path, file) }
        return TarSource(try SpooledFile(file, gzip: gzip, store: store, limits: limits))
    }

    private static func take(
        _ items: [Listing.Item], from source: inout any CandidateSource, into store: ContentStore,
        _ findings: inout ImportFindings
    ) throws(ImportStop) -> [Entry] {
        var entries: [Entry] = []
        for item in items {
            do throws(ImportStop) {
                let (digest, size) = try content(of: item, from: &source, into: store)
                entries.append(Entry(path: item.path, kind: item.kind, digest: digest, size: size))
            } catch {
                try findings.note(error)
            }
        }
        return entries
    }

    private static func content(
        of item: Listing.Item, from source: inout any CandidateSource, into store: ContentStore
    ) throws(ImportStop) -> (digest: String, size: UInt64) {
        if item.kind == .directory { return ("", 0) }
        let writer = try ImportStop.storing { () throws(StorageError) in try store.writer(limit: item.size) }
        if item.kind == .link {
            try writer.add(item.target)
        } else {
            try source.copy(item, into: writer)
        }
        guard writer.size == item.size else { throw .changed(item.path) }
        return try ImportStop.storing { () throws(StorageError) in try writer.commit() }
    }
}
