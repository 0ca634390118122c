import OrketSystem

/// The bytes of an archive in a file of our own that has no name: nobody can change them between the look at a header
/// and the look at the content that it speaks of.
struct SpooledFile {
    private let descriptor: Descriptor
    let size: UInt64

    /// Copies the archive, inflated where it is gzip. Inflating stops at the cap, or when too much comes of too little.
    init(_ file: LiveFile, gzip: Bool, store: ContentStore, limits: ImportLimits) throws(ImportStop) {
        guard file.stamp.size <= limits.archiveBytes else {
            throw .finding("an archive of more than \(limits.archiveBytes) bytes")
        }
        let writer = try ImportStop.storing { () throws(StorageError) in try store.writer(limit: limits.archiveBytes) }
        if gzip {
            try Self.inflate(file, into: writer, limits)
        } else {
            try file.copy(into: writer)
        }
        size = writer.size
        descriptor = writer.detach()
    }

    private static func inflate(_ file: LiveFile, into writer: ContentWriter, _ limits: ImportLimits) throws(ImportStop)
    {
        var inflater = GzipInflater(maximumMembers: 1)
        var compressed: UInt64 = 0
        try file.copy { bytes throws(ImportStop) in
            compressed += UInt64(bytes.count)
            try inflater.feed(bytes, wrap: { .finding($0.message) }) { piece throws(ImportStop) in
                let inflated = writer.size + UInt64(piece.count)
                guard inflated <= limits.archiveBytes else {
                    throw .finding("inflates to more than \(limits.archiveBytes) bytes")
                }
                guard !limits.isBomb(inflated: inflated, compressed: compressed) else {
                    throw .finding("inflates to more than \(limits.compressionRatio) times its size")
                }
                try writer.add(piece)
            }
        }
        do throws(GzipInflater.Problem) { try inflater.finish() } catch { throw .finding(error.message) }
    }

    /// Exactly these bytes; an archive that ends before is a finding.
    func read(at offset: UInt64, count: Int) throws(ImportStop) -> [UInt8] {
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try Files.read(descriptor, at: offset, count: count) } catch {
            throw .storage(.system(error))
        }
        guard bytes.count == count else {
            throw .finding("is truncated: it ends within byte \(offset) and \(count) more")
        }
        return bytes
    }

    /// The same in pieces.
    func read(
        at offset: UInt64, size: UInt64, _ take: ([UInt8]) throws(ImportStop) -> Void
    ) throws(ImportStop) {
        var done: UInt64 = 0
        while done < size {
            let chunk = try read(at: offset + done, count: Int(min(size - done, UInt64(importChunkBytes))))
            done += UInt64(chunk.count)
            try take(chunk)
        }
    }
}
