import OrketCore

/// The findings of one import, bounded: a hostile archive can have a defect in each of its entries.
struct ImportFindings {
    /// Findings that are listed; more are counted.
    static let maximum = 100

    private let file: String
    private var listed: [Finding] = []
    private var more = 0

    /// `file` is what the caller named.
    init(file: String) { self.file = CanonicalText.visible(file) }

    /// A defect of the candidate as a whole. Said twice in a row it is one.
    mutating func add(_ message: String) {
        if listed.last?.message == message { return }
        if listed.count < Self.maximum { listed.append(Finding(file: file, message)) } else { more += 1 }
    }

    /// A defect of one entry.
    mutating func add(_ path: [UInt8], _ message: String) { add("\(Self.shown(path)): \(message)") }

    /// Notes why something ended; what is not the candidate's fault goes on up.
    mutating func note(_ stop: ImportStop) throws(ImportStop) {
        guard case .finding(let message) = stop else { throw stop }
        add(message)
    }

    var isEmpty: Bool { listed.isEmpty }

    /// All that is listed, and how many more there are.
    var input: InvalidInput {
        InvalidInput(listed + (more > 0 ? [Finding(file: file, "and \(more) more findings")] : []))
    }

    /// A name of the candidate, in quotes, escaped and cut.
    static func shown(_ path: [UInt8]) -> String {
        let text = CanonicalText.quote(String(decoding: path.prefix(200), as: UTF8.self))
        return path.count > 200 ? text + "..." : text
    }
}
