import OrketCore
import OrketSystem

/// Reads a directory into memory as the files of a workspace, under the rules of a snapshot: no link that leads out, no
/// second name, no device, nothing that changes meanwhile.
enum WorkspaceImport {
    /// The entries of the directory `path`, whose last component may be a link, in the order of their paths. Blocks. Throws
    /// all findings.
    static func directory(_ path: String, limits: ImportLimits) throws(SnapshotError) -> [InputFile] {
        var listing = Listing(limits: limits, file: path)
        do throws(ImportStop) {
            let root = try ImportStop.reading(Array(path.utf8)) { () throws(SystemError) in try Files.openNamed(path) }
            var source = DirectorySource(root: root)
            try source.list(into: &listing)
            listing.checkLinks()
            if listing.findings.isEmpty {
                var files: [InputFile] = []
                for item in listing.items.sorted(by: { $0.path.lexicographicallyPrecedes($1.path) }) {
                    do throws(ImportStop) { files.append(try input(item, source)) } catch {
                        try listing.findings.note(error)
                    }
                }
                try source.confirm(&listing.findings)
                if listing.findings.isEmpty { return files }
            }
        } catch {
            switch error {
            case .finding(let message): listing.findings.add(message)
            case .storage(let error): throw .storage(error)
            }
        }
        throw .refused(listing.findings.input)
    }

    private static func input(_ item: Listing.Item, _ source: DirectorySource) throws(ImportStop) -> InputFile {
        let path = String(decoding: item.path, as: UTF8.self)
        switch item.kind {
        case .directory: return .directory(path)
        case .link: return .link(path, target: item.target)
        case .file, .executable:
            return InputFile(path: path, bytes: try source.contents(of: item), executable: item.kind == .executable)
        }
    }
}
