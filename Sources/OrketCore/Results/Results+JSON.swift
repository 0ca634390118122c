extension Reason {
    /// `{"code","source","detail"}`.
    package var json: JSONValue {
        .object([
            JSONValue.Member("code", .string(code.rawValue)), JSONValue.Member("source", .string(source.rawValue)),
            JSONValue.Member("detail", .string(detail)),
        ])
    }
}

extension Usage {
    /// The usage object of the contract, with the name of the metric behind each number.
    package var json: JSONValue {
        .object([
            JSONValue.Member("wallMs", .milliseconds(wallMs)), JSONValue.Member("cpuMs", .milliseconds(cpuMs)),
            JSONValue.Member("cpuMetric", .string(cpuMetric)),
            JSONValue.Member("memoryPeakBytes", .count(memoryPeakBytes)),
            JSONValue.Member("memoryMetric", .string(memoryMetric)),
            JSONValue.Member("processesPeak", .count(processesPeak)),
        ])
    }
}

extension Isolation {
    /// Level and absent protections.
    package var summary: JSONValue {
        .object([
            JSONValue.Member("level", .integer(Int64(level.rawValue))),
            JSONValue.Member("degraded", .array(degraded.map { .string($0.rawValue) })),
        ])
    }

    /// The same with everything that was read back from the kernel, sorted by name.
    package var full: JSONValue {
        guard case .object(let members) = summary else { return summary }
        let read = mechanisms.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        return .object(members + [JSONValue.Member("mechanisms", .object(read))])
    }
}
