import OrketCore

/// What the probe told of one request or of the start, as it came over the channel: checked for its form, believed no further.
enum HTTPReply: Sendable {
    case ready
    /// `slow` or `ended`, and the last that was seen.
    case notReady(String, String, ExitStatus?)
    case response(status: Int, headers: [(name: String, value: String)], body: [UInt8])
    /// `refused`, `closed`, `slow`, `oversized` or `malformed`.
    case trouble(String, String, ExitStatus?)

    /// Nil when `json` is nothing that the probe sends.
    init?(_ json: JSONValue) {
        if json["ready"] == .bool(true) {
            self = .ready
        } else if let kind = json["notReady"]?.string, let text = json["text"]?.string {
            self = .notReady(kind, text, Self.end(json["ended"]))
        } else if let kind = json["trouble"]?.string, let text = json["text"]?.string {
            self = .trouble(kind, text, Self.end(json["ended"]))
        } else if case .integer(let status)? = json["status"], case .array(let pairs)? = json["headers"],
            let hex = json["body"]?.string,
            case .bytes(let body, _)? = try? TypedValue(json: .object([.init("bytes", .string(hex))]))
        {
            let headers = pairs.compactMap { pair -> (name: String, value: String)? in
                guard case .array(let both) = pair, both.count == 2, let name = both[0].string,
                    let value = both[1].string
                else { return nil }
                return (name, value)
            }
            if headers.count != pairs.count { return nil }
            self = .response(status: Int(clamping: status), headers: headers, body: body)
        } else {
            return nil
        }
    }

    private static func end(_ json: JSONValue?) -> ExitStatus? {
        if case .integer(let status)? = json?["exit"] { return .exited(Int32(clamping: status)) }
        if case .integer(let signal)? = json?["signal"] { return .signaled(Int32(clamping: signal)) }
        return nil
    }
}
