/// One 512-byte header block of a tar archive (POSIX.1-1988 `ustar`, and what GNU tar writes for plain entries), read
/// strictly: whatever two readers could understand differently is refused.
struct TarHeader {
    let path: [UInt8]
    let mode: UInt32
    let size: UInt64
    let type: UInt8
    let target: [UInt8]

    /// Why the block, or what comes after it, cannot be read with certainty.
    struct Problem: Error, Hashable {
        let message: String
    }

    init(_ block: [UInt8]) throws(Problem) {
        let checksum = try Self.number(block[148..<156], "checksum")
        let sum = block.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 32 : UInt64($1.element)) }
        guard checksum == sum else { throw Problem(message: "no tar header, or a damaged one") }
        let magic = block[257..<265]
        let isGNU = magic.elementsEqual("ustar  \0".utf8)
        guard isGNU || magic.elementsEqual("ustar\u{0}00".utf8) else {
            throw Problem(message: "a tar of another kind; write it with tar --format=pax")
        }
        mode = UInt32(truncatingIfNeeded: try Self.number(block[100..<108], "mode")) & 0o7777
        size = try Self.number(block[124..<136], "size")
        // Not used, but a reader who stops at a bad one would see another archive.
        for field in [108..<116, 116..<124, 136..<148, 329..<337, 337..<345] {
            _ = try Self.number(block[field], "field at byte \(field.lowerBound)")
        }
        type = block[156]
        target = try Self.text(block[157..<257], "link")
        let name = try Self.text(block[0..<100], "name")
        if isGNU {
            guard block[345..<512].allSatisfy({ $0 == 0 }) else {
                throw Problem(message: "GNU tar's own fields; write it with tar --format=pax")
            }
            path = name
        } else {
            let prefix = try Self.text(block[345..<500], "prefix")
            path = prefix.isEmpty ? name : prefix + [UInt8(ascii: "/")] + name
        }
    }

    /// Octal digits between blanks and an end of NULs and blanks; an empty field is 0. GNU's binary numbers are not read.
    private static func number(_ field: ArraySlice<UInt8>, _ name: String) throws(Problem) -> UInt64 {
        let digits = field.drop { $0 == 32 }.prefix { (48...55).contains($0) }
        guard field[digits.endIndex...].allSatisfy({ $0 == 0 || $0 == 32 }) else {
            throw Problem(message: "a \(name) that is no octal number")
        }
        // Twelve digits at most: 36 bits.
        return digits.reduce(0) { $0 << 3 + UInt64($1 - 48) }
    }

    /// The bytes before the first NUL; only NULs may follow.
    private static func text(_ field: ArraySlice<UInt8>, _ name: String) throws(Problem) -> [UInt8] {
        let text = field.prefix { $0 != 0 }
        guard field[text.endIndex...].allSatisfy({ $0 == 0 }) else {
            throw Problem(message: "bytes hidden behind the end of a \(name)")
        }
        return Array(text)
    }
}
