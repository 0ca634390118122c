import OrketCore
import OrketTestSupport
import Testing

@Suite("Base64 decoding")
struct Base64DecodingTests {
    @Test(
        "reads both alphabets, with padding and without",
        arguments: [
            ("", []), ("Zg==", [0x66]), ("Zg", [0x66]), ("Zm8=", [0x66, 0x6f]), ("Zm8", [0x66, 0x6f]),
            ("Zm9v", [0x66, 0x6f, 0x6f]),
            ("+/+/", [0xfb, 0xff, 0xbf]), ("-_-_", [0xfb, 0xff, 0xbf]), ("_w==", [0xff]), ("/w", [0xff]),
        ] as [(String, [UInt8])])
    func reads(text: String, bytes: [UInt8]) {
        #expect(Base64.decode(text) == bytes)
    }

    @Test(
        "refuses what has a second reading",
        arguments: [
            "Z", "Zg=", "Zg===", "=", "====", "Zh==", "Zh", "Zm9", "+_+_", "Zg==Zg==", "Zm 9v", "Zm9v\n", "Zm9é",
            "Z=g=", "Zm9v=",
        ])
    func refuses(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test("what is written reads back", arguments: 0..<70)
    func roundTrip(count: Int) {
        var random = SeededGenerator(seed: UInt64(count))
        let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
        let text = Base64.encode(bytes)
        #expect(Base64.decode(text) == bytes)
        let urlSafe = text.filter { $0 != "=" }.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }
        #expect(Base64.decode(String(urlSafe)) == bytes)
    }
}
