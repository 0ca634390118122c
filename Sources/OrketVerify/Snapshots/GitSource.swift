import OrketCore
import OrketSystem

/// The tree of a commit, `git:REPO@REV`: objects are read as they are stored, without checkout, filters or attributes.
struct GitSource: CandidateSource {
    private let repository: String
    private let revision: String
    private let seconds: Int
    /// Object names of the files, by the position of the items.
    private var objects: [String] = []
    /// Delivers the files in the order of the items; started by the first.
    private var batch: GitBatch?

    /// Nothing is looked at yet but the path of the repository.
    init(_ path: String, _ limits: ImportLimits) throws(ImportStop) {
        let spec = path.dropFirst("git:".count)
        guard let at = spec.lastIndex(of: "@"), at > spec.startIndex, spec.index(after: at) < spec.endIndex else {
            throw .finding("names no commit; write git:REPO@REV")
        }
        guard let repository = Files.realPath(String(spec[..<at])) else {
            throw .finding("cannot be opened: there is no such repository")
        }
        self.repository = repository
        revision = String(spec[spec.index(after: at)...])
        seconds = limits.gitSeconds
    }

    mutating func list(into listing: inout Listing) throws(ImportStop) {
        let tree = try resolve()
        let command = try git(["ls-tree", "-r", "-z", "-l", "--full-tree", tree])
        let maximum = listing.limits.pathBytes + 4_096
        var links: [(item: Listing.Item, object: String)] = []
        var rest: [UInt8] = []
        while !listing.isFull {
            let bytes = try command.read(atMost: importChunkBytes)
            if bytes.isEmpty { break }
            rest += bytes
            let records = rest.split(separator: 0, omittingEmptySubsequences: false)
            for record in records.dropLast() {
                if let link = try take(record, &listing) { links.append(link) }
            }
            rest = Array(records.last ?? [])
            if rest.count > maximum {
                throw .finding("an entry with a path longer than \(listing.limits.pathBytes) bytes")
            }
        }
        if listing.isFull { return }
        try command.finish()
        let targets = try GitBatch(git(Self.batchArguments, links.map(\.object)))
        for (link, object) in links {
            var item = link
            try targets.next(object, size: item.size) { bytes throws(ImportStop) in item.target += bytes }
            listing.add(item)
        }
    }

    private static let batchArguments = ["cat-file", "--batch"]

    private func git(_ arguments: [String], _ lines: [String] = []) throws(ImportStop) -> GitCommand {
        let input = Array(lines.map { $0 + "\n" }.joined().utf8)
        return try GitCommand(repository, arguments, input: input, seconds: seconds)
    }

    /// The name of the tree, looked up once, so that a branch that moves does not matter.
    private func resolve() throws(ImportStop) -> String {
        var output: [UInt8] = []
        try git(["rev-parse", "--verify", "--end-of-options", revision + "^{tree}"]).readAll {
            bytes throws(ImportStop) in
            output += bytes.prefix(1_024 - min(1_024, output.count))
        }
        let name = String(decoding: output, as: UTF8.self).split(separator: "\n").last.map(String.init) ?? ""
        guard Self.isObjectName(name) else { throw .finding("git names no tree for '\(revision.jsonEscaped)'") }
        return name
    }

    private static func isObjectName(_ text: String) -> Bool {
        (text.utf8.count == 40 || text.utf8.count == 64)
            && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
    }

    /// `MODE TYPE OBJECT SIZE<TAB>PATH`. A link comes back, since its target is content.
    private mutating func take(
        _ record: ArraySlice<UInt8>, _ listing: inout Listing
    ) throws(ImportStop) -> (item: Listing.Item, object: String)? {
        guard let tab = record.firstIndex(of: 9) else { throw .finding("git lists something that is no entry") }
        let words = String(decoding: record[..<tab], as: UTF8.self).split(separator: " ").map(String.init)
        let path = Array(record[(tab + 1)...])
        guard words.count == 4, Self.isObjectName(words[2]) else {
            throw .finding("git lists something that is no entry")
        }
        guard listing.vet(path) != nil else { return nil }
        if words[0] == "160000" {
            listing.findings.add(path, "is a submodule; import a directory in which it is checked out")
            return nil
        }
        guard let size = UInt64(words[3]) else {
            listing.findings.add(path, "is not in the repository; fetch it with git, then import again")
            return nil
        }
        var item = Listing.Item(path: path, kind: .file, size: size, position: objects.count)
        switch words[0] {
        case "120000":
            item.kind = .link
            guard item.size <= listing.limits.pathBytes else {
                listing.findings.add(path, "a link with more than \(listing.limits.pathBytes) bytes of target")
                return nil
            }
            return (item, words[2])
        case "100755": item.kind = .executable
        case "100644", "100664": break
        default:
            listing.findings.add(path, "has the mode \(words[0].jsonEscaped), which is not read here")
            return nil
        }
        objects.append(words[2])
        listing.add(item)
        return nil
    }

    mutating func copy(_ item: Listing.Item, into writer: ContentWriter) throws(ImportStop) {
        if batch == nil { batch = GitBatch(try git(Self.batchArguments, objects)) }
        try batch?.next(objects[item.position], size: item.size) { bytes throws(ImportStop) in try writer.add(bytes) }
    }
}

/// What `git cat-file --batch` writes, object after object.
final class GitBatch {
    private let command: GitCommand
    private var buffer: ArraySlice<UInt8> = []

    init(_ command: GitCommand) { self.command = command }

    /// The content of the next object, which must be this one: `NAME blob SIZE`, the bytes, a line break.
    func next(_ object: String, size: UInt64, _ take: ([UInt8]) throws(ImportStop) -> Void) throws(ImportStop) {
        let header = Array("\(object) blob \(size)\n".utf8)
        guard try exactly(header.count) == header else { throw ended() }
        var rest = size
        while rest > 0 {
            let bytes = try exactly(Int(min(rest, UInt64(importChunkBytes))))
            rest -= UInt64(bytes.count)
            try take(bytes)
        }
        guard try exactly(1) == [10] else { throw ended() }
    }

    private func exactly(_ count: Int) throws(ImportStop) -> [UInt8] {
        while buffer.count < count {
            let more = try command.read(atMost: importChunkBytes)
            if more.isEmpty { throw ended() }
            buffer += more
        }
        defer { buffer = buffer.dropFirst(count) }
        return Array(buffer.prefix(count))
    }

    /// What git says, or that it delivered something else than it listed.
    private func ended() -> ImportStop {
        do throws(ImportStop) { try command.finish() } catch { return error }
        return .finding("git delivers another content than it lists")
    }
}
