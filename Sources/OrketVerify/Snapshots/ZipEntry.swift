/// Little-endian fields of a zip record.
struct ZipRecord {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func short(_ offset: Int) -> Int { Int(bytes[offset]) | Int(bytes[offset + 1]) << 8 }
    func long(_ offset: Int) -> UInt32 { UInt32(short(offset)) | UInt32(short(offset + 2)) << 16 }
}

/// The record at the end of a zip archive: where its central directory is.
struct ZipEnd {
    let offset: UInt64
    let directoryOffset: UInt64
    let count: Int

    private static let bytes = 22
    private static let signature = Array("PK\u{5}\u{6}".utf8)

    init(_ file: SpooledFile) throws(ImportStop) {
        // A comment of up to 65,535 bytes may follow. The last signature counts for every reader that searches from the
        // end, so it must be the right one.
        let tail = try file.read(
            at: file.size - min(file.size, UInt64(Self.bytes + 65_535)),
            count: Int(min(file.size, UInt64(Self.bytes + 65_535))))
        let places = stride(from: tail.count - Self.bytes, through: 0, by: -1)
        guard let place = places.first(where: { tail[$0..<$0 + 4].elementsEqual(Self.signature) }) else {
            throw .finding("is no zip archive: it has no end record")
        }
        let record = ZipRecord(Array(tail[place...]))
        guard place + Self.bytes + record.short(20) == tail.count else {
            throw .finding("bytes behind the end of the archive")
        }
        offset = file.size - UInt64(tail.count - place)
        count = record.short(10)
        let size = record.long(12)
        guard record.long(4) == 0, record.short(8) == count else { throw .finding("a part of a divided archive") }
        guard count != 0xFFFF, size != .max, record.long(16) != .max else {
            throw .finding("zip64, which is not read here")
        }
        directoryOffset = UInt64(record.long(16))
        guard directoryOffset + UInt64(size) == offset else {
            throw .finding("its central directory does not end where its end record begins")
        }
    }
}

/// One entry of a zip archive, as the central directory has it.
struct ZipEntry {
    let path: [UInt8]
    /// Of the uncompressed content, and of what is stored.
    let size: UInt64
    let compressedSize: UInt64
    /// Of the local header.
    let offset: UInt64
    /// Unix mode; nil when the archive comes from another system.
    let mode: UInt32?
    /// False for a name in an encoding that nobody can know.
    let isText: Bool
    private let flags: Int
    private let method: Int
    private let crc: UInt32
    private var contentOffset: UInt64 = 0

    private static let hasDescriptor = 1 << 3
    private static let isUTF8 = 1 << 11
    /// The speed that deflate was asked for, a data descriptor, UTF-8. Encryption, patches and masks are not among them.
    private static let knownFlags = 1 << 1 | 1 << 2 | hasDescriptor | isUTF8
    /// Of the specification, 6.3: what a reader is asked to know of it.
    private static let newestVersion = 63
    /// Zip64 sizes, another name in Unicode, encryption: fields that make of an entry what its header does not say.
    private static let refusedExtras: Set<Int> = [0x0001, 0x0017, 0x7075, 0x9901]

    /// Reads one header of the central directory, and where the next one is.
    static func read(
        _ file: SpooledFile, at offset: UInt64, end: UInt64
    ) throws(ImportStop) -> (entry: ZipEntry, next: UInt64) {
        guard end - offset >= 46 else { throw .finding("its central directory ends too early") }
        let record = ZipRecord(try file.read(at: offset, count: 46))
        guard record.long(0) == 0x0201_4B50 else {
            throw .finding("byte \(offset) begins no header of a central directory")
        }
        let lengths = (name: record.short(28), extra: record.short(30), comment: record.short(32))
        let next = offset + 46 + UInt64(lengths.name + lengths.extra + lengths.comment)
        guard next <= end else { throw .finding("its central directory ends too early") }
        let rest = try file.read(at: offset + 46, count: lengths.name + lengths.extra)
        let entry = ZipEntry(record, path: Array(rest.prefix(lengths.name)))
        guard record.short(34) == 0 else { throw .entry(entry.path, "lies in another part of a divided archive") }
        guard entry.flags & ~knownFlags == 0, record.short(6) <= newestVersion else {
            throw .entry(entry.path, "is encrypted, or of a kind that is not read here")
        }
        guard entry.method == 0 || entry.method == 8 else {
            throw .entry(entry.path, "is compressed by method \(entry.method); only stored and deflated are read")
        }
        guard entry.method == 8 || entry.size == entry.compressedSize else {
            throw .entry(entry.path, "is stored, but has two sizes")
        }
        try checkExtras(rest.dropFirst(lengths.name), entry.path)
        return (entry, next)
    }

    private init(_ record: ZipRecord, path: [UInt8]) {
        self.path = path
        flags = record.short(8)
        method = record.short(10)
        crc = record.long(16)
        compressedSize = UInt64(record.long(20))
        size = UInt64(record.long(24))
        mode = record.short(4) >> 8 == 3 ? record.long(38) >> 16 : nil
        offset = UInt64(record.long(42))
        isText = flags & Self.isUTF8 != 0 || path.allSatisfy { $0 < 128 }
    }

    private static func checkExtras(_ extra: ArraySlice<UInt8>, _ path: [UInt8]) throws(ImportStop) {
        var rest = extra
        while rest.count >= 4 {
            let record = ZipRecord(Array(rest.prefix(4)))
            guard !refusedExtras.contains(record.short(0)), rest.count >= 4 + record.short(2) else {
                throw .entry(path, "has an extra field that is not read here")
            }
            rest = rest.dropFirst(4 + record.short(2))
        }
        guard rest.isEmpty else { throw .entry(path, "has an extra field that is not read here") }
    }

    /// Reads the local header and what follows the content. Both must say what the central directory says, and end where
    /// the next thing begins.
    mutating func readLocal(_ file: SpooledFile, end: UInt64) throws(ImportStop) {
        guard end > offset, end - offset >= 30 else { throw .entry(path, "overlaps with what comes after it") }
        let record = ZipRecord(try file.read(at: offset, count: 30))
        let named = try file.read(at: offset + 30, count: record.short(26) + record.short(28))
        let isDeferred = flags & Self.hasDescriptor != 0
        func agrees(_ here: UInt32, _ there: UInt64) -> Bool { UInt64(here) == there || (isDeferred && here == 0) }
        guard record.long(0) == 0x0403_4B50, record.short(4) <= Self.newestVersion, record.short(6) == flags,
            record.short(8) == method,
            named.prefix(record.short(26)).elementsEqual(path), agrees(record.long(14), UInt64(crc)),
            agrees(record.long(18), compressedSize), agrees(record.long(22), size)
        else { throw .entry(path, "has a local header that says something else than the central directory") }
        try Self.checkExtras(named.dropFirst(record.short(26)), path)
        contentOffset = offset + 30 + UInt64(named.count)
        let contentEnd = contentOffset + compressedSize
        guard contentEnd <= end else { throw .entry(path, "overlaps with what comes after it") }
        try checkDescriptor(file, at: contentEnd, count: end - contentEnd)
    }

    private func checkDescriptor(_ file: SpooledFile, at place: UInt64, count: UInt64) throws(ImportStop) {
        if flags & Self.hasDescriptor == 0 {
            guard count == 0 else { throw .entry(path, "is followed by bytes that belong to no entry") }
            return
        }
        guard count == 12 || count == 16 else { throw .entry(path, "has no data descriptor where one must be") }
        let record = ZipRecord(try file.read(at: place, count: Int(count)))
        let start = Int(count) - 12
        guard start == 0 || record.long(0) == 0x0807_4B50, record.long(start) == crc,
            UInt64(record.long(start + 4)) == compressedSize, UInt64(record.long(start + 8)) == size
        else { throw .entry(path, "has a data descriptor that says something else than the central directory") }
    }

    /// Hands on the content, whose size and checksum must be as announced.
    func inflate(_ file: SpooledFile, _ take: ([UInt8]) throws(ImportStop) -> Void) throws(ImportStop) {
        let path = path
        let size = size
        var done: UInt64 = 0
        func emit(_ bytes: [UInt8]) throws(ImportStop) {
            done += UInt64(bytes.count)
            guard done <= size else { throw .entry(path, "inflates to more bytes than it announces") }
            try take(bytes)
        }
        if method == 0 {
            var sum: UInt32 = 0
            try file.read(at: contentOffset, size: compressedSize) { bytes throws(ImportStop) in
                sum = GzipInflater.checksum(bytes, after: sum)
                try emit(bytes)
            }
            guard sum == crc else { throw .entry(path, "has another checksum than it announces") }
            return
        }
        // The content of a gzip member is deflate, and its trailer is checksum and size: with both around it, the one
        // inflater of this room checks everything.
        var inflater = GzipInflater(maximumMembers: 1)
        let wrap = { (problem: GzipInflater.Problem) in
            ImportStop.entry(path, "is badly deflated, or not what it announces: \(problem.message)")
        }
        try inflater.feed([0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF], wrap: wrap, emit: emit)
        try file.read(at: contentOffset, size: compressedSize) { bytes throws(ImportStop) in
            try inflater.feed(bytes, wrap: wrap, emit: emit)
        }
        let trailer = [crc, UInt32(truncatingIfNeeded: size)].flatMap { value in
            (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
        }
        try inflater.feed(trailer, wrap: wrap, emit: emit)
        do throws(GzipInflater.Problem) { try inflater.finish() } catch { throw wrap(error) }
    }
}
