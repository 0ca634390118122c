import OrketSystem

/// A tar archive, plain or inflated.
struct TarSource: CandidateSource {
    private let file: SpooledFile
    /// Where the content of each announced file begins.
    private var contents: [UInt64] = []
    private var offset: UInt64 = 0
    private var pax: PaxRecords?

    private static let blockBytes = 512
    private static let maximumPaxBytes: UInt64 = 64 << 10

    init(_ file: SpooledFile) { self.file = file }

    mutating func list(into listing: inout Listing) throws(ImportStop) {
        while !listing.isFull {
            let start = offset
            let block = try file.read(at: start, count: Self.blockBytes)
            if block.allSatisfy({ $0 == 0 }) { return try finish() }
            do throws(TarHeader.Problem) {
                let header = try TarHeader(block)
                offset += UInt64(Self.blockBytes)
                if header.type == UInt8(ascii: "x") || header.type == UInt8(ascii: "g") {
                    try extend(header)
                } else {
                    try take(header, &listing)
                    pax = nil
                }
            } catch {
                // Whatever comes after it could be read in more than one way.
                throw .finding("\(error.message), in the block at byte \(start)")
            }
        }
    }

    /// Two blocks of zeros, and nothing but zeros after them.
    private func finish() throws(ImportStop) {
        if pax != nil { throw .finding("a pax header with no entry after it") }
        guard file.size - offset >= UInt64(2 * Self.blockBytes) else {
            throw .finding("is truncated: it does not end in two blocks of zeros")
        }
        try file.read(at: offset, size: file.size - offset) { chunk throws(ImportStop) in
            guard chunk.allSatisfy({ $0 == 0 }) else { throw .finding("bytes behind the end of the archive") }
        }
    }

    private mutating func extend(_ header: TarHeader) throws(TarHeader.Problem) {
        guard header.size <= Self.maximumPaxBytes, pax == nil else {
            throw .init(message: pax == nil ? "a pax header that is too long" : "a pax header after another")
        }
        let bytes: [UInt8]
        do throws(ImportStop) { bytes = try file.read(at: offset, count: Int(header.size)) } catch {
            throw .init(message: "a pax header that is truncated")
        }
        skip(header.size)
        if header.type == UInt8(ascii: "g") {
            _ = try PaxRecords(bytes, isGlobal: true)
        } else {
            pax = try PaxRecords(bytes, isGlobal: false)
        }
    }

    private mutating func take(_ header: TarHeader, _ listing: inout Listing) throws(TarHeader.Problem) {
        if let size = pax?.size, size != header.size { throw .init(message: "two sizes for one entry") }
        guard header.size <= file.size - offset else { throw .init(message: "content that is truncated") }
        let content = offset
        skip(header.size)
        let path = Self.plainPath(pax?.path ?? header.path, isDirectory: header.type == UInt8(ascii: "5"))
        // The directory that was packed itself.
        if path.isEmpty && header.type == UInt8(ascii: "5") { return }
        var item = Listing.Item(path: path, kind: .directory)
        switch header.type {
        case UInt8(ascii: "0"), 0:
            item.kind = header.mode & 0o111 != 0 ? .executable : .file
            item.size = header.size
            item.position = contents.count
            contents.append(content)
        case UInt8(ascii: "2"):
            item.kind = .link
            item.target = pax?.target ?? header.target
            item.size = UInt64(item.target.count)
        case UInt8(ascii: "5"): break
        case UInt8(ascii: "1"): listing.findings.add(path, "is a hard link")
        case UInt8(ascii: "3"), UInt8(ascii: "4"): listing.findings.add(path, "is a device")
        case UInt8(ascii: "6"): listing.findings.add(path, "is a FIFO")
        default:
            let type = ImportFindings.shown([header.type])
            throw .init(message: "an entry of type \(type), which is not read here; write it with tar --format=pax")
        }
        // Readers differ on whether content follows a header that needs none.
        if item.kind != .file && item.kind != .executable && header.size > 0 {
            throw .init(message: "content where there can be none")
        }
        if item.kind != .directory, let problem = FileStamp.privilegeProblem(mode: header.mode) {
            listing.findings.add(path, problem)
        }
        guard !"1346".utf8.contains(header.type), listing.vet(path) != nil else { return }
        listing.add(item)
    }

    /// Past content and what fills its last block.
    private mutating func skip(_ size: UInt64) {
        let block = UInt64(Self.blockBytes)
        offset += (size + block - 1) / block * block
    }

    /// Without the `./` that `tar -C DIR .` puts before each name, and without the slash after a directory's.
    private static func plainPath(_ path: [UInt8], isDirectory: Bool) -> [UInt8] {
        let slash = UInt8(ascii: "/")
        var rest = path[...]
        if rest.starts(with: "./".utf8) { rest = rest.dropFirst(2) } else if rest.elementsEqual(".".utf8) { rest = [] }
        if isDirectory, rest.last == slash { rest = rest.dropLast() }
        return Array(rest)
    }

    func copy(_ item: Listing.Item, into writer: ContentWriter) throws(ImportStop) {
        try file.read(at: contents[item.position], size: item.size) { chunk throws(ImportStop) in
            try writer.add(chunk)
        }
    }
}
