package import OrketCore

/// The one byte form of a document that is signed or hashed: RFC 8785 (JCS) for documents of null, booleans, integers,
/// strings, arrays and objects. No blanks, members in the order of the UTF-16 code units of their names, only the escapes
/// that JSON demands.
///
/// What two readers could take for different values is refused: fractions (write an integer in a smaller unit), integers
/// beyond ±(2^53 - 1), which readers with only doubles round, and names that are equal as Unicode counts them.
package enum CanonicalJSON {
    /// The integers that every reader of JSON keeps exactly (RFC 7493 section 2.2).
    package static let integers: ClosedRange<Int64> = -9_007_199_254_740_991...9_007_199_254_740_991

    /// The bytes of `value`, UTF-8. Throws `unencodable`; nested no deeper than `StrictJSON` reads.
    package static func bytes(of value: JSONValue) throws(AttestError) -> [UInt8] {
        var bytes: [UInt8] = []
        try write(value, depth: 0, to: &bytes)
        return bytes
    }

    private static func write(_ value: JSONValue, depth: Int, to bytes: inout [UInt8]) throws(AttestError) {
        if depth > StrictJSON.maximumDepth {
            throw AttestError(.unencodable, "nested deeper than \(StrictJSON.maximumDepth) levels")
        }
        switch value {
        case .null: bytes += Array("null".utf8)
        case .bool(let value): bytes += Array((value ? "true" : "false").utf8)
        case .integer(let value):
            guard integers.contains(value) else {
                throw AttestError(.unencodable, "the integer \(value) is beyond 2^53 - 1, where readers round")
            }
            bytes += Array(String(value).utf8)
        case .number(let value): throw AttestError(.unencodable, "\(value) is no integer; use a smaller unit")
        case .string(let text): write(text, to: &bytes)
        case .array(let elements):
            try writeList(elements, "[", "]", to: &bytes) { element, bytes throws(AttestError) in
                try write(element, depth: depth + 1, to: &bytes)
            }
        case .object(let members):
            var names: Set<String> = []
            for member in members where !names.insert(member.name).inserted {
                throw AttestError(.unencodable, "two members are called '\(member.name.jsonEscaped)'")
            }
            let sorted = members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
            try writeList(sorted, "{", "}", to: &bytes) { member, bytes throws(AttestError) in
                write(member.name, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                try write(member.value, depth: depth + 1, to: &bytes)
            }
        }
    }

    private static func writeList<Element>(
        _ elements: [Element], _ opening: Unicode.Scalar, _ closing: Unicode.Scalar, to bytes: inout [UInt8],
        _ write: (Element, inout [UInt8]) throws(AttestError) -> Void
    ) throws(AttestError) {
        bytes.append(UInt8(ascii: opening))
        for (index, element) in elements.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            try write(element, &bytes)
        }
        bytes.append(UInt8(ascii: closing))
    }

    /// RFC 8785 section 3.2.2.2: seven short escapes, `\u00xx` for the other control characters, all else as it is.
    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case 0x22: bytes += Array(#"\""#.utf8)
            case 0x5C: bytes += Array(#"\\"#.utf8)
            case 0x08: bytes += Array(#"\b"#.utf8)
            case 0x09: bytes += Array(#"\t"#.utf8)
            case 0x0A: bytes += Array(#"\n"#.utf8)
            case 0x0C: bytes += Array(#"\f"#.utf8)
            case 0x0D: bytes += Array(#"\r"#.utf8)
            case 0..<0x20: bytes += Array(#"\u00"#.utf8) + Array(HexDigest.text(of: [byte]).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
