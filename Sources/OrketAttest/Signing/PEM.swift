internal import OrketCore

/// Text armour of RFC 7468, strict: nothing but blocks of one label and blank lines.
enum PEM {
    /// One block with its final newline; the body is one line, which serves for up to 48 bytes.
    static func text(_ label: String, _ bytes: [UInt8]) -> String {
        "-----BEGIN \(label)-----\n\(Base64.encode(bytes))\n-----END \(label)-----\n"
    }

    /// The bodies of all blocks, in their order; nil when anything else is there, or no block. Line ends may be CRLF.
    static func bodies(_ label: String, in text: String) -> [[UInt8]]? {
        var bodies: [[UInt8]] = []
        var open: String?
        for line in text.split(whereSeparator: \.isNewline) {
            switch (line, open) {
            case ("-----BEGIN \(label)-----", nil): open = ""
            case ("-----END \(label)-----", let body?):
                guard !body.isEmpty, let bytes = Base64.decode(body) else { return nil }
                bodies.append(bytes)
                open = nil
            case (_, let body?): open = body + line
            default: return nil
            }
        }
        return open == nil && !bodies.isEmpty ? bodies : nil
    }
}
