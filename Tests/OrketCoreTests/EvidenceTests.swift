import OrketCore
import OrketTestSupport
import Testing

@Suite("Parts of evidence")
struct EvidenceTests {
    @Test("a link of the chain has exactly these bytes")
    func link() throws {
        let id = try #require(EvidenceID("019aba1f-2c3e-7000-8000-000000000001"))
        let previous = try #require(HexDigest(String(repeating: "0f", count: 32)))
        let link = ChainLink(previousHash: previous, sequence: 258, id: id, recordedAtMs: -2, body: "{é}")
        let expected: [[UInt8]] = [
            Array("orket.evidence.link/1".utf8),
            [0, 0, 0, 0, 0, 0, 0, 32], [UInt8](repeating: 0x0f, count: 32),
            [0, 0, 0, 0, 0, 0, 0, 8], [0, 0, 0, 0, 0, 0, 1, 2],
            [0, 0, 0, 0, 0, 0, 0, 36], Array("019aba1f-2c3e-7000-8000-000000000001".utf8),
            [0, 0, 0, 0, 0, 0, 0, 8], [255, 255, 255, 255, 255, 255, 255, 254],
            [0, 0, 0, 0, 0, 0, 0, 4], [0x7b, 0xc3, 0xa9, 0x7d],
        ]
        #expect(link.bytes == expected.flatMap { $0 })
    }

    @Test("no two different links have the same bytes", arguments: [1 as UInt64, 2, 3, 4])
    func linksDiffer(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var seen: [[UInt8]: ChainLink] = [:]
        for _ in 0..<2_000 {
            // Few values, so that most pairs share most fields.
            let id = EvidenceID("019aba1f-2c3e-7000-8000-00000000000\(Int.random(in: 0...1, using: &random))")!
            let bytes = [UInt8](repeating: UInt8.random(in: 0...1, using: &random), count: 32)
            let link = ChainLink(
                previousHash: HexDigest(bytes: bytes), sequence: Int64.random(in: 0...2, using: &random), id: id,
                recordedAtMs: Int64.random(in: 0...2, using: &random),
                body: String(repeating: "0", count: Int.random(in: 0...3, using: &random)))
            #expect(seen[link.bytes] ?? link == link)
            seen[link.bytes] = link
        }
        #expect(seen.count > 100)
    }

    @Test("ids are UUIDs of version 7 that sort by their time and read back")
    func ids() throws {
        var random = SeededGenerator(seed: 7)
        var last: EvidenceID?
        for step: Int64 in 0..<200 {
            let id = EvidenceID(milliseconds: 1_764_000_000_000 + step, using: &random)
            #expect(EvidenceID(id.text) == id)
            let characters = Array(id.text)
            #expect(characters[14] == "7" && "89ab".contains(characters[19]), "\(id)")
            if let last { #expect(last.text < id.text) }
            last = id
        }
        let text = "019aba1f-2c3e-7000-8000-000000000001"
        #expect(EvidenceID(text) != nil)
        for bad in [
            "", text + "0", String(text.dropLast()), text.uppercased(), text.replacing("-", with: "0"),
            "g" + text.dropFirst(),
        ] {
            #expect(EvidenceID(bad) == nil, "\(bad)")
        }
    }

    @Test("a digest has one spelling")
    func digests() throws {
        let bytes = (0..<32).map { UInt8($0 * 7 + 1) }
        let digest = HexDigest(bytes: bytes)
        #expect(digest.bytes == bytes && HexDigest(digest.text) == digest)
        for bad in [
            "", digest.text.uppercased(), String(digest.text.dropLast()), digest.text + "0",
            "x" + digest.text.dropFirst(),
        ] {
            #expect(HexDigest(bad) == nil, "\(bad)")
        }
    }

    @Test("a moment that is written reads back, and what is no moment is refused")
    func times() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let time = UTCTime(
                milliseconds: Int64.random(in: -62_167_219_200_000...253_402_300_799_999, using: &random))
            #expect(UTCTime(time.rfc3339) == time, "\(time.rfc3339)")
            #expect(UTCTime(time.seconds + "Z")?.seconds == time.seconds)
        }
        #expect(UTCTime("1970-01-01")?.milliseconds == 0)
        #expect(UTCTime("2024-02-29T01:02Z")?.milliseconds == 1_709_168_520_000)
        #expect(UTCTime("0000-01-01")?.milliseconds == -62_167_219_200_000)
        let bad = [
            "", "2023-02-29", "2026-13-01", "2026-00-01", "2026-01-00", "2026-04-31", "2026-1-1", "26-01-01",
            "2026-01-01T",
            "2026-01-01T24:00Z", "2026-01-01T10:60Z", "2026-01-01T10:00", "2026-01-01T10:00:60Z",
            "2026-01-01T10:00:00.1Z",
            "2026-01-01T10Z", "+026-01-01", "2026-01-01T-1:00Z", "2026-01-01Z", "٢٠٢٦-01-01",
        ]
        for text in bad { #expect(UTCTime(text) == nil, "\(text)") }
    }

    @Test("the canonical form depends on the members, not on their order")
    func canonical() throws {
        let first = try StrictJSON.parse(Array("{\"b\":[{\"z\":1,\"a\":2}],\"é\":0,\"a\":null}".utf8))
        let second = try StrictJSON.parse(Array("{\"é\":0,\"a\":null,\"b\":[{\"a\":2,\"z\":1}]}".utf8))
        #expect(first != second && first.canonical == second.canonical)
        #expect(first.canonical.text == "{\"a\":null,\"b\":[{\"a\":2,\"z\":1}],\"é\":0}")
    }
}
