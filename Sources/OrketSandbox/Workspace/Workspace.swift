internal import OrketCore
internal import OrketSystem

/// The supervisor's view of one sandbox's workspace: a directory descriptor, never a path. Inputs go in before the program
/// starts, outputs come out after the tree is dead, and no name that the candidate made is ever followed.
struct Workspace: Sendable {
    let directory: Descriptor

    /// What was collected and what was not, in the order of the request.
    struct Collection: Sendable {
        var files: [CollectedFile] = []
        var rejected: [String] = []
        var missing: [String] = []
        /// What our side could not read, whatever the program made.
        var lost: [String] = []
    }

    static let maximumDepth = 32
    private static let maximumNames = 65_536

    /// Writes one file and the directories above it, owned by the payload. Fails on anything that exists; only a directory
    /// may be there already. A link that was put before is never followed by what is put after it.
    func put(_ file: InputFile, owner: UInt32?) throws(SystemError) {
        let parts = file.path.split(separator: "/").map(String.init)
        var prefix = ""
        for part in parts.dropLast() {
            prefix += prefix.isEmpty ? part : "/" + part
            try Files.makeWorkspaceDirectory(directory, prefix, owner: owner)
        }
        switch file.kind {
        case .file:
            try Files.writeWorkspaceFile(directory, file.path, file.bytes, executable: file.executable, owner: owner)
        case .link: try Files.makeWorkspaceLink(directory, file.path, target: file.bytes, owner: owner)
        case .directory: try Files.makeWorkspaceDirectory(directory, file.path, owner: owner)
        }
    }

    /// `links` are the paths where the supervisor itself put links: they are passed over when all is collected.
    func collect(_ wanted: [OutputFile], all: CollectBounds?, links: Set<String> = []) -> Collection {
        var collection = Collection()
        for file in wanted {
            switch read(file.path, limit: file.maximumBytes) {
            case .success(let found): collection.files.append(found)
            case .failure(.missing): if !file.optional { collection.missing.append("\(shown(file.path)) was not made") }
            case .failure(.rejected(let why)): collection.rejected.append("\(shown(file.path)): \(why)")
            case .failure(.lost(let why)): collection.lost.append("\(shown(file.path)): \(why)")
            }
        }
        if let all { collectTree(all, links, into: &collection) }
        return collection
    }

    private enum Refusal: Error {
        case missing
        case rejected(String)
        case lost(String)
    }

    private func shown(_ name: String) -> String { Classifier.escaped(name) }

    private func read(_ path: String, limit: Int) -> Result<CollectedFile, Refusal> {
        do {
            switch try Files.openCandidateFile(directory, path) {
            case .other(let kind): return .failure(.rejected(kind))
            case .regular(_, let size, let links, _) where links != 1 || size > UInt64(limit):
                return .failure(.rejected(links != 1 ? "has \(links) hard links" : "\(size) bytes, more than \(limit)"))
            case .regular(let file, _, _, let executable):
                let bytes = try Files.readAll(file, limit: limit)
                return .success(CollectedFile(path: path, bytes: bytes, executable: executable))
            }
        } catch {
            if error.errno == SystemError.ENOENT { return .failure(.missing) }
            if SystemError.shortages.contains(error.errno) { return .failure(.lost(SystemError.text(error.errno))) }
            let isLink = error.errno == SystemError.ELOOP || error.errno == SystemError.EXDEV
            return .failure(.rejected(isLink ? "leads through a link" : SystemError.text(error.errno)))
        }
    }

    private func collectTree(_ bounds: CollectBounds, _ links: Set<String>, into collection: inout Collection) {
        var budget = bounds.maximumBytes
        var pending = [(path: "", depth: 0)]
        var names = 0
        while let (path, depth) = pending.popLast() {
            let entries: [[UInt8]]
            do {
                entries = try Files.candidateNames(directory, path.isEmpty ? "." : path)
            } catch {
                let sentence = "\(shown(path)): \(SystemError.text(error.errno))"
                if SystemError.shortages.contains(error.errno) {
                    collection.lost.append(sentence)
                } else {
                    // What an ordinary supervisor may not read is refused, never passed over in silence.
                    collection.rejected.append(sentence)
                }
                continue
            }
            for bytes in entries.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
                names += 1
                guard names <= Self.maximumNames else {
                    return collection.rejected.append("more than \(Self.maximumNames) names")
                }
                guard let name = String(validating: bytes, as: UTF8.self),
                    !name.unicodeScalars.contains(where: { $0.value < 32 })
                else {
                    collection.rejected.append("badly named entry \(shown(String(decoding: bytes, as: UTF8.self)))")
                    continue
                }
                let whole = path.isEmpty ? name : "\(path)/\(name)"
                if links.contains(whole), Files.isCandidateLink(directory, whole) { continue }
                if Files.isCandidateDirectory(directory, whole) {
                    if depth < Self.maximumDepth {
                        pending.append((whole, depth + 1))
                    } else {
                        collection.rejected.append("\(shown(whole)): deeper than \(Self.maximumDepth) directories")
                    }
                    continue
                }
                take(whole, bounds, &budget, &collection)
            }
        }
    }

    private func take(_ path: String, _ bounds: CollectBounds, _ budget: inout Int, _ collection: inout Collection) {
        guard collection.files.count < bounds.maximumFiles else {
            return collection.rejected.append("\(shown(path)): more than \(bounds.maximumFiles) files")
        }
        switch read(path, limit: budget) {
        case .success(let file):
            budget -= file.bytes.count
            collection.files.append(file)
        case .failure(.missing): break
        case .failure(.rejected(let why)): collection.rejected.append("\(shown(path)): \(why)")
        case .failure(.lost(let why)): collection.lost.append("\(shown(path)): \(why)")
        }
    }

    /// Findings about names that a caller asks for; nothing runs when there is one.
    static func problem(with path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.isEmpty || path.hasPrefix("/") { return "the path \(Classifier.escaped(path)) is not relative" }
        if parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) || path.utf8.contains(0)
            || path.utf8.count > 1024
            || parts.count > maximumDepth
        {
            return "the path \(Classifier.escaped(path)) does not name a file beneath the workspace"
        }
        return nil
    }
}
