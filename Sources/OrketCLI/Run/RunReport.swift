package import OrketCore
import OrketVerify

/// One run as people and scripts see it.
package struct RunReport: Sendable {
    package let result: RunResult
    /// What was asked to be copied to the host, and came.
    package let outputs: [WrittenOutput]

    /// A collected file that was written to the host.
    package struct WrittenOutput: Sendable {
        package let path: String
        package let file: String
        package let bytes: Int
        package let sha256: String
    }

    package init(_ result: RunResult, outputs: [WrittenOutput] = []) {
        self.result = result
        self.outputs = outputs
    }

    // MARK: - For people

    /// One line: what happened, why, what it took, and how well it was confined.
    package var summary: String {
        var text = "orket: \(result.outcome.rawValue)"
        for (index, reason) in result.reasons.enumerated() {
            let detail = TerminalText.escape(reason.detail, maximumCharacters: 300)
            text += (index == 0 ? ": " : "; ") + "\(reason.code.rawValue) (\(detail))"
        }
        if result.planDigest.isEmpty { return text + "\n" }
        let usage = result.usage
        text += ", wall \(Self.milliseconds(usage.wallMs)), cpu \(Self.milliseconds(usage.cpuMs))"
        text += ", memory \(Self.mebibytes(usage.memoryPeakBytes)), isolation level \(result.isolation.level.rawValue)"
        let degraded = result.isolation.degraded.map(\.rawValue)
        if !degraded.isEmpty { text += " without \(degraded.joined(separator: ", "))" }
        return text + "\n"
    }

    private static func milliseconds(_ value: Double) -> String {
        let tenths = UInt64(clamping: Int64((value * 10).rounded()))
        return "\(tenths / 10).\(tenths % 10) ms"
    }

    private static func mebibytes(_ bytes: UInt64) -> String {
        let tenths = bytes / ((1 << 20) / 10)
        return "\(tenths / 10).\(tenths % 10) MiB"
    }

    // MARK: - For scripts

    /// `orket.run/1`, described in docs/formats/run.schema.json.
    package var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("schema", .string("orket.run/1")), .init("outcome", .string(result.outcome.rawValue)),
            .init("reasons", .array(result.reasons.map(\.json))), .init("exit", Self.json(result.exit)),
            .init("usage", result.usage.json), .init("limits", result.limits.json),
            .init("isolation", result.isolation.full), .init("stdout", Self.json(result.stdout)),
            .init("stderr", Self.json(result.stderr)), .init("plan", plan),
        ]
        if !outputs.isEmpty { members.append(.init("outputs", .array(outputs.map(Self.json)))) }
        return .object(members)
    }

    private var plan: JSONValue { result.planDigest.isEmpty ? .null : .string(result.planDigest) }

    private static func json(_ exit: ExitStatus?) -> JSONValue {
        switch exit {
        case .exited(let code): .object([.init("code", .integer(Int64(code)))])
        case .signaled(let number): .object([.init("signal", .integer(Int64(number)))])
        case nil: .null
        }
    }

    private static func json(_ output: WrittenOutput) -> JSONValue {
        .object([
            .init("path", .string(output.path)), .init("file", .string(output.file)),
            .init("bytes", .integer(Int64(output.bytes))), .init("sha256", .string(output.sha256)),
        ])
    }

    private static func json(_ stream: CapturedStream) -> JSONValue {
        let kept = stream.bytes
        var members: [JSONValue.Member] = [
            .init("bytes", .count(stream.byteCount)), .init("truncated", .bool(stream.truncated)),
            .init("sha256", .string(stream.sha256.isEmpty ? Digest.hex(of: []) : stream.sha256)),
        ]
        // Where the gap is, for a reader who must not take head and tail for one text.
        if UInt64(kept.count) < stream.byteCount { members.append(.init("gapAt", .integer(Int64(stream.head.count)))) }
        if let text = String(validating: kept, as: UTF8.self) {
            members.append(.init("text", .string(text)))
        } else {
            members.append(.init("base64", .string(Base64.encode(kept))))
        }
        return .object(members)
    }
}

extension Limits {
    /// Every limit in its unit; null where a check is off.
    package var json: JSONValue {
        .object([
            .init("wallMs", .count(wallMs)), .init("cpuMs", .count(cpuMs)),
            .init("idleMs", idleMs.map(JSONValue.count) ?? .null), .init("memoryBytes", .count(memoryBytes)),
            .init("pids", .count(pids)), .init("outputBytes", .count(outputBytes)),
            .init("fsizeBytes", .count(fsizeBytes)), .init("diskBytes", .count(diskBytes)),
            .init("inodes", .count(inodes)), .init("nofile", .count(nofile)),
        ])
    }
}
