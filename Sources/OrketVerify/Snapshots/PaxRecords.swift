import OrketCore

/// The records of one pax extended header (POSIX.1-2001): what overrides the header that follows.
struct PaxRecords {
    private(set) var path: [UInt8]?
    private(set) var target: [UInt8]?
    private(set) var size: UInt64?

    /// Keys that change neither names nor bytes: read over.
    private static let harmless: Set<String> = [
        "atime", "comment", "ctime", "gid", "gname", "LIBARCHIVE.creationtime", "mtime", "SCHILY.dev", "SCHILY.ino",
        "SCHILY.nlink", "uid", "uname",
    ]
    private static let harmlessPrefixes = ["SCHILY.xattr.", "LIBARCHIVE.xattr."]

    /// `isGlobal`: a header for the whole archive may only comment on it.
    init(_ bytes: [UInt8], isGlobal: Bool) throws(TarHeader.Problem) {
        var seen: Set<String> = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let (key, value) = try Self.take(&rest)
            guard seen.insert(key).inserted else { throw .init(message: "a pax header that says \(key) twice") }
            switch key {
            case "path" where !isGlobal && !value.isEmpty: path = value
            case "linkpath" where !isGlobal && !value.isEmpty: target = value
            case "size" where !isGlobal:
                let digits = String(decoding: value, as: UTF8.self)
                guard let number = UInt64(digits), String(number) == digits else {
                    throw .init(message: "a pax header with a size that is no number")
                }
                size = number
            case _ where isGlobal ? key == "comment" : Self.harmless.contains(key): break
            case _ where !isGlobal && Self.harmlessPrefixes.contains(where: key.hasPrefix): break
            default:
                throw .init(message: "a pax header that says '\(key.jsonEscaped.prefix(80))', which is not read here")
            }
        }
    }

    /// `LENGTH KEY=VALUE\n`, where LENGTH counts the whole record.
    private static func take(_ rest: inout ArraySlice<UInt8>) throws(TarHeader.Problem) -> (String, [UInt8]) {
        let bad = TarHeader.Problem(message: "a pax header that is badly built")
        let digits = rest.prefix(7).prefix { (48...57).contains($0) }
        guard !digits.isEmpty, digits.first != 48 else { throw bad }
        let length = digits.reduce(0) { $0 * 10 + Int($1 - 48) }
        let record = rest.prefix(length)
        guard record.count == length, length > digits.count + 3, record.last == UInt8(ascii: "\n"),
            record[digits.endIndex] == 32
        else { throw bad }
        let body = record[(digits.endIndex + 1)...].dropLast()
        guard let equals = body.firstIndex(of: UInt8(ascii: "=")), equals > body.startIndex,
            let key = String(validating: body[..<equals], as: UTF8.self)
        else { throw bad }
        rest = rest[record.endIndex...]
        return (key, Array(body[(equals + 1)...]))
    }
}
