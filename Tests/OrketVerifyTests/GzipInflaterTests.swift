import OrketCore
import OrketTestSupport
import OrketVerify
import Testing

@Suite("Gzip inflater")
struct GzipInflaterTests {
    /// `hello` and `world`, a line each, as gzip wrote them.
    static let small: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xE7, 0x2A,
        0xCF, 0x2F, 0xCA, 0x49, 0xE1, 0x02, 0x00, 0xFF, 0x5D, 0xC5, 0xC4, 0x0C, 0x00, 0x00, 0x00,
    ]
    /// A million zero bytes.
    static let bomb: [UInt8] = {
        // The stream repeats one pattern: header, a long run of zero bytes, tail.
        let head: [UInt8] = [
            0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xED, 0xC1, 0x01, 0x01, 0x00, 0x00,
            0x00, 0x82, 0x20, 0xFF, 0xAF, 0x6E, 0x48, 0x40, 0x01,
        ]
        return head + [UInt8](repeating: 0, count: 968) + [
            0xAF, 0x06, 0x9E, 0xCB, 0x79, 0x12, 0x40, 0x42, 0x0F, 0x00,
        ]
    }()

    private func inflate(_ chunks: [[UInt8]]) throws(GzipInflater.Problem) -> [UInt8] {
        var inflater = GzipInflater()
        var output: [UInt8] = []
        for chunk in chunks {
            try inflater.feed(chunk, wrap: { $0 }) { piece throws(GzipInflater.Problem) in output += piece }
        }
        try inflater.finish()
        return output
    }

    @Test("inflates whatever the chunks are", arguments: [1, 2, 3, 7, 1_000])
    func inflatesChunks(size: Int) throws {
        let chunks = stride(from: 0, to: Self.small.count, by: size).map {
            Array(Self.small[$0..<min($0 + size, Self.small.count)])
        }
        #expect(try inflate(chunks) == Array("hello\nworld\n".utf8))
    }

    @Test("inflates members in a row")
    func inflatesMembers() throws {
        #expect(try inflate([Self.small + Self.small]).count == 24)
        #expect(try inflate([Self.small, Self.small]).count == 24)
    }

    @Test("refuses every truncation")
    func refusesTruncation() {
        for length in 0..<Self.small.count {
            #expect(throws: GzipInflater.Problem.self) { try inflate([Array(Self.small[..<length])]) }
        }
    }

    @Test("refuses flipped bytes of data and checksum, and trailing garbage")
    func refusesGarbage() {
        for index in 10..<Self.small.count {
            var bytes = Self.small
            bytes[index] ^= 0x55
            #expect(throws: GzipInflater.Problem.self) { try inflate([bytes]) }
        }
        #expect(throws: GzipInflater.Problem.self) { try inflate([Self.small + [1, 2, 3]]) }
        #expect(throws: GzipInflater.Problem.self) { try inflate([[0x1F, 0x8B, 0xFF, 0xFF, 0, 0]]) }
    }

    @Test("survives random bytes behind a good header", arguments: 0..<8)
    func survivesRandomBytes(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let noise = (0..<64).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            _ = try? inflate([Array(Self.small[..<10]) + noise])
        }
    }

    @Test("a corpus that inflates without measure stops at the bound")
    func stopsBomb() {
        var bounds = Corpus.Bounds()
        bounds.totalBytes = 100_000
        let refused = #expect(throws: InvalidInput.self) { try Corpus.decode(Self.bomb, file: "c.gz", bounds: bounds) }
        #expect(refused?.findings.map(\.message) == ["more than 100000 bytes of records"])
    }

    @Test("a truncated corpus is refused with its findings")
    func refusesTruncatedCorpus() {
        let refused = #expect(throws: InvalidInput.self) {
            try Corpus.decode(Array(Self.small.dropLast(6)), file: "c.gz")
        }
        #expect(refused?.findings.last?.message == "the gzip stream is truncated")
        #expect(refused?.findings.first?.line == 1)
    }
}
