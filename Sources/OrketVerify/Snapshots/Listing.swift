/// The names, kinds and sizes of a candidate, before any content is taken: every rule that they can break is checked
/// here, for directories, archives and git trees alike.
struct Listing {
    /// One entry as its source announced it.
    struct Item {
        var path: [UInt8]
        var kind: CandidateSnapshot.Kind
        /// Bytes of the file, or of the link's target.
        var size: UInt64 = 0
        /// Where a link leads; empty for anything else.
        var target: [UInt8] = []
        /// The source's own mark, by which it finds the content again.
        var position = 0
    }

    let limits: ImportLimits
    var findings: ImportFindings
    /// In the order in which the source announced them; implied directories before what lies in them.
    private(set) var items: [Item] = []
    private var leftOut: Set<[UInt8]> = []
    /// True when nothing more will be taken: the source can stop.
    private(set) var isFull = false
    private var announced = 0
    private var totalBytes: UInt64 = 0
    private var indexOf: [[UInt8]: Int] = [:]
    private var implied: Set<[UInt8]> = []
    /// By what a file system may take for the same name.
    private var folded: [String: [UInt8]] = [:]

    init(limits: ImportLimits, file: String) {
        self.limits = limits
        findings = ImportFindings(file: file)
    }

    /// The path as text when its name is a good one and it is wanted; else the finding is noted, or that it is left out.
    mutating func vet(_ path: [UInt8]) -> String? {
        guard count() else { return nil }
        guard path.count <= limits.pathBytes else {
            findings.add(path, "a path longer than \(limits.pathBytes) bytes")
            return nil
        }
        guard let text = String(validating: path, as: UTF8.self) else {
            findings.add(path, "a name that is not UTF-8")
            return nil
        }
        if let problem = WorkspacePath.problem(text) {
            findings.add(path, problem)
            return nil
        }
        let parts = path.split(separator: UInt8(ascii: "/"))
        if let git = parts.firstIndex(where: { $0.elementsEqual(".git".utf8) }) {
            leftOut.insert(Array(parts[...git].joined(separator: [UInt8(ascii: "/")])))
            return nil
        }
        guard parts.count <= limits.depth else {
            findings.add(path, "deeper than \(limits.depth) components")
            return nil
        }
        return text
    }

    /// Takes an entry whose path was vetted.
    mutating func add(_ item: Item) {
        guard addParents(of: item.path) else { return }
        if let index = indexOf[item.path] {
            let isTaken = item.kind == .directory && items[index].kind == .directory
            // An archive may name a directory after what lies in it.
            if isTaken && implied.remove(item.path) != nil { return }
            let both =
                items[index].kind == item.kind ? "twice" : "as \(items[index].kind.name) and as \(item.kind.name)"
            return findings.add(item.path, "is there \(both)")
        }
        if item.kind != .directory {
            if item.size > limits.fileBytes {
                findings.add(item.path, "more than \(limits.fileBytes) bytes in one file")
            }
            let before = totalBytes
            totalBytes = totalBytes.addingReportingOverflow(item.size).partialValue
            if before <= limits.totalBytes, totalBytes > limits.totalBytes || totalBytes < before {
                findings.add("more than \(limits.totalBytes) bytes in all files together")
                isFull = true
            }
        }
        append(item)
    }

    /// What was left out, a sentence each.
    var notes: [String] {
        leftOut.sorted { $0.lexicographicallyPrecedes($1) }
            .map { "\(ImportFindings.shown($0)) is left out: git's own data is no part of a candidate" }
    }

    /// Adds what can be seen only when all entries are known.
    mutating func checkLinks() {
        var rules = LinkRules(items)
        for item in items where item.kind == .link {
            if let problem = rules.problem(with: item, limits) { findings.add(item.path, problem) }
        }
    }

    /// False when there are too many entries.
    private mutating func count() -> Bool {
        announced += 1
        if announced <= limits.entries { return true }
        if !isFull { findings.add("more than \(limits.entries) entries") }
        isFull = true
        return false
    }

    private mutating func addParents(of path: [UInt8]) -> Bool {
        for (end, byte) in path.enumerated() where byte == UInt8(ascii: "/") {
            let parent = Array(path[..<end])
            guard let index = indexOf[parent] else {
                guard count() else { return false }
                implied.insert(parent)
                append(Item(path: parent, kind: .directory))
                continue
            }
            if items[index].kind != .directory {
                findings.add(path, "lies beneath \(ImportFindings.shown(parent)), which is \(items[index].kind.name)")
                return false
            }
        }
        return true
    }

    private mutating func append(_ item: Item) {
        // Swift's strings are equal when they are canonically equivalent, and hash accordingly.
        let key = String(decoding: item.path, as: UTF8.self).uppercased().lowercased()
        if let other = folded.updateValue(item.path, forKey: key) {
            findings.add(item.path, "differs from \(ImportFindings.shown(other)) only in case or in Unicode form")
        }
        indexOf[item.path] = items.count
        items.append(item)
    }
}
