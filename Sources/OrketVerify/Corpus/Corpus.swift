package import OrketCore

/// A whole corpus file: JSON lines, plain or gzip (told by content, not by name), read with bounded memory.
package enum Corpus {
    /// What a corpus may hold at most; a file beyond is refused, so that bad input cannot exhaust the machine.
    package struct Bounds: Sendable {
        package var lineBytes = 4 << 20
        /// Bytes after decompression.
        package var totalBytes = 512 << 20
        package var records = 1_000_000
        /// Findings that are listed; more are only counted.
        package var findings = 1_000

        /// The standard bounds.
        package init() {}
    }

    /// All records of the file at `path`, in order. Throws with all findings when any line is bad or there is none.
    package static func read(_ path: String, bounds: Bounds = Bounds()) throws(InvalidInput) -> [CorpusRecord] {
        var reader = CorpusReader(file: path, bounds: bounds)
        try HostFile.read(path) { chunk throws(InvalidInput) in try reader.feed(chunk) }
        return try reader.finish()
    }

    /// The same for bytes that are already in memory; findings name `file`.
    package static func decode(
        _ bytes: [UInt8], file: String, bounds: Bounds = Bounds()
    ) throws(InvalidInput) -> [CorpusRecord] {
        var reader = CorpusReader(file: file, bounds: bounds)
        try reader.feed(bytes)
        return try reader.finish()
    }

    /// `count` of the records, spread evenly and always the same ones; all of them when there are no more.
    package static func sample(_ records: [CorpusRecord], count: Int) -> [CorpusRecord] {
        if count >= records.count { return records }
        return (0..<count).map { records[$0 * records.count / count] }
    }
}

/// The state of reading one corpus: raw chunks in, records or findings out.
struct CorpusReader: ~Copyable {
    private let file: String
    private let bounds: Corpus.Bounds
    private var decoder: CorpusDecoder
    private var splitter: LineSplitter
    private var inflater: GzipInflater?
    private var start: [UInt8] = []
    private var started = false
    private var total = 0

    init(file: String, bounds: Corpus.Bounds) {
        self.file = file
        self.bounds = bounds
        decoder = CorpusDecoder(file: file)
        splitter = LineSplitter(maximumBytes: bounds.lineBytes)
        inflater = nil
    }

    mutating func feed(_ chunk: [UInt8]) throws(InvalidInput) {
        if started { return try pass(chunk) }
        // Two bytes tell the format; a pipe may deliver them one by one.
        start += chunk
        if start.count < 2 { return }
        started = true
        if GzipInflater.isGzip(start) { inflater = GzipInflater() }
        let first = start
        start = []
        try pass(first)
    }

    private mutating func pass(_ chunk: [UInt8]) throws(InvalidInput) {
        guard var gzip = inflater.take() else { return try text(chunk) }
        let name = file
        var failure: InvalidInput?
        do throws(InvalidInput) {
            try gzip.feed(chunk, wrap: { InvalidInput([Finding(file: name, $0.message)]) }) {
                piece throws(InvalidInput) in
                try text(piece)
            }
        } catch {
            failure = error
        }
        inflater = consume gzip
        if let failure { throw InvalidInput(decoder.findings + failure.findings) }
    }

    private mutating func text(_ bytes: [UInt8]) throws(InvalidInput) {
        total += bytes.count
        if total > bounds.totalBytes { throw stop("more than \(bounds.totalBytes) bytes of records") }
        for line in splitter.feed(bytes) { try take(line) }
    }

    private mutating func take(_ line: LineSplitter.Line) throws(InvalidInput) {
        decoder.decode(line, maximumBytes: bounds.lineBytes)
        if decoder.records.count > bounds.records { throw stop("more than \(bounds.records) records") }
        if decoder.findings.count >= bounds.findings {
            throw stop("more than \(bounds.findings) findings, stopped here")
        }
    }

    private func stop(_ message: String) -> InvalidInput {
        InvalidInput(decoder.findings + [Finding(file: file, message)])
    }

    consuming func finish() throws(InvalidInput) -> [CorpusRecord] {
        var reader = self
        if !reader.started { try reader.pass(reader.start) }
        if let gzip = reader.inflater.take() {
            do throws(GzipInflater.Problem) {
                try gzip.finish()
            } catch {
                throw reader.stop(error.message)
            }
        }
        if let line = reader.splitter.finish() { try reader.take(line) }
        if !reader.decoder.findings.isEmpty { throw InvalidInput(reader.decoder.findings) }
        if reader.decoder.records.isEmpty { throw reader.stop("no records") }
        return reader.decoder.records
    }
}
