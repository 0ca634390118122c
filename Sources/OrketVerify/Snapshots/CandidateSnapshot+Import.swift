import OrketSystem

extension CandidateSnapshot {
    /// Imports what `path` names into `store`: a directory; an archive by the end of its name (.tar, .tar.gz, .tgz, .zip);
    /// any other file as a candidate of one file; `git:REPO@REV` as the tree of a commit. Blocks. What comes back is what
    /// was hashed, whatever happens to the source meanwhile; a change during the import is refused.
    package static func importing(
        path: String, into store: ContentStore, limits: ImportLimits = ImportLimits()
    ) throws(SnapshotError) -> CandidateSnapshot {
        var listing = Listing(limits: limits, file: path)
        var opened: (any CandidateSource)?
        do throws(ImportStop) {
            opened = try source(path, store, limits)
            try opened?.list(into: &listing)
        } catch {
            try listing.findings.take(error)
        }
        try listing.check()
        guard var source = opened else { preconditionFailure("a source that was not opened left no finding") }
        let entries = try take(listing, from: &source, into: store)
        let snapshot = CandidateSnapshot(entries, notes: listing.notes)
        do throws(StorageError) { try store.put(snapshot.encoding) } catch { throw .storage(error) }
        return snapshot
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
        _ listing: Listing, from source: inout any CandidateSource, into store: ContentStore
    ) throws(SnapshotError) -> [Entry] {
        var findings = listing.findings
        var entries: [Entry] = []
        for item in listing.items {
            do throws(ImportStop) {
                let (digest, size) = try content(of: item, from: &source, into: store)
                entries.append(Entry(path: item.path, kind: item.kind, digest: digest, size: size))
            } catch {
                try findings.take(error)
            }
        }
        do throws(ImportStop) { try source.confirm(&findings) } catch { try findings.take(error) }
        try findings.check()
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
