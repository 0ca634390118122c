import OrketCore

/// What a candidate answered to one call, as it came over the channel: checked for its form, believed no further.
enum CaseReply: Sendable {
    case value(TypedValue)
    /// Class names from the most special on, and the text.
    case exception(types: [String], text: String)
    /// A result that is no plain value.
    case cannotCross(String)
    /// The candidate has no such entry point.
    case missing
    /// The candidate could not even be loaded.
    case unloadable(types: [String], text: String)

    /// Nil when `json` is nothing that a driver sends.
    init?(_ json: JSONValue) {
        guard case .object(let members) = json else { return nil }
        let names = Set(members.map(\.name))
        func exception() -> (types: [String], text: String)? {
            guard case .array(let names)? = json["exception"]?["types"], let text = json["exception"]?["text"]?.string
            else { return nil }
            let types = names.compactMap(\.string)
            return types.isEmpty || types.count != names.count || types.count > 64 ? nil : (types, text)
        }
        switch names {
        case ["value"]:
            guard let value = json["value"].flatMap({ try? TypedValue(json: $0) }) else { return nil }
            self = .value(value)
        case ["cannotCross"]:
            guard let sentence = json["cannotCross"]?.string else { return nil }
            self = .cannotCross(sentence)
        case ["exception"]:
            guard let (types, text) = exception() else { return nil }
            self = .exception(types: types, text: text)
        case ["exception", "missing"]: self = .missing
        case ["exception", "unloadable"]:
            guard let (types, text) = exception() else { return nil }
            self = .unloadable(types: types, text: text)
        default: return nil
        }
    }

    /// A sentence about an exception, escaped and bounded.
    static func sentence(_ types: [String], _ text: String) -> String {
        let short = text.split(separator: "\n", maxSplits: 1).first.map { String($0.prefix(200)) } ?? ""
        return types[0].prefix(80).description.jsonEscaped + (short.isEmpty ? "" : ": \(short.jsonEscaped)")
    }
}

/// What the driver saw of the process of one case.
struct CaseProcess: Sendable {
    var exit: ExitStatus
    /// What the driver ended it for: `wall`, `output` or `reply`.
    var stopped: String?
    var cpuMs: Double
    var wallMs: Double
    var maxRSSKiB: UInt64
    var outputBytes: UInt64
    /// The end of what it printed.
    var output: String
    var reply: [UInt8]

    /// Nil when `json` is nothing that a driver sends.
    init?(_ json: JSONValue) {
        guard let cpu = json["cpuMs"]?.double, let wall = json["wallMs"]?.double,
            case .integer(let rss)? = json["maxRSSKiB"], case .integer(let count)? = json["outputBytes"],
            let output = json["output"]?.string, let hex = json["reply"]?.string,
            case .bytes(let reply, _)? = try? TypedValue(json: .object([.init("bytes", .string(hex))]))
        else { return nil }
        switch (json["exit"], json["signal"]) {
        case (.integer(let status), .null?): exit = .exited(Int32(truncatingIfNeeded: status))
        case (.null?, .integer(let signal)): exit = .signaled(Int32(truncatingIfNeeded: signal))
        default: return nil
        }
        stopped = json["stopped"]?.string
        (cpuMs, wallMs) = (cpu, wall)
        (maxRSSKiB, outputBytes) = (UInt64(clamping: rss), UInt64(clamping: count))
        (self.output, self.reply) = (output, reply)
    }
}

extension JSONValue {
    /// The number of an integer or a fraction.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}
