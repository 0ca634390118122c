import OrketCore

/// What is kept of a compilation that succeeded: the files that it left by their digests, and what its sandbox was. As a text
/// it is canonical JSON.
struct CompiledResult {
    struct File {
        var path: String
        var digest: String
        var size: UInt64
        var isExecutable: Bool
    }

    private static let schema = "orket.compiled/1"

    let key: String
    let files: [File]
    /// Without its files.
    let result: RunResult

    /// Of a result that says that the program may run.
    init(_ result: RunResult, key: String) {
        self.key = key
        files = result.outputs.map {
            File(
                path: $0.path, digest: Digest.hex(of: $0.bytes), size: UInt64($0.bytes.count),
                isExecutable: $0.executable)
        }
        var bare = result
        bare.outputs = []
        self.result = bare
    }

    var bytes: [UInt8] {
        let json = JSONValue.object([
            .init("schema", .string(Self.schema)), .init("key", .string(key)),
            .init("plan", .string(result.planDigest)),
            .init("isolation", result.isolation.full), .init("stdout", Self.json(result.stdout)),
            .init("stderr", Self.json(result.stderr)),
            .init(
                "files",
                .array(
                    files.map {
                        .object([
                            .init("path", .string($0.path)), .init("sha256", .string($0.digest)),
                            .init("size", .count($0.size)), .init("executable", .bool($0.isExecutable)),
                        ])
                    })),
        ])
        return Array(json.canonical.text.utf8)
    }

    /// Nil for what this version did not write.
    init?(_ bytes: [UInt8]) {
        guard let json = try? StrictJSON.parse(bytes), json["schema"]?.string == Self.schema,
            let key = json["key"]?.string, let plan = json["plan"]?.string,
            let isolation = json["isolation"].flatMap(Self.isolation), let stdout = json["stdout"].flatMap(Self.stream),
            let stderr = json["stderr"].flatMap(Self.stream), case .array(let list)? = json["files"]
        else { return nil }
        let files = list.compactMap(Self.file)
        guard files.count == list.count else { return nil }
        (self.key, self.files) = (key, files)
        result = RunResult(
            outcome: .passed, reasons: [], exit: .exited(0), limits: Limits(), isolation: isolation, stdout: stdout,
            stderr: stderr, planDigest: plan)
    }

    private static func file(_ json: JSONValue) -> File? {
        guard let path = json["path"]?.string, WorkspacePath.problem(path) == nil, let digest = json["sha256"]?.string,
            case .integer(let size)? = json["size"], size >= 0, case .bool(let isExecutable)? = json["executable"]
        else { return nil }
        return File(path: path, digest: digest, size: UInt64(size), isExecutable: isExecutable)
    }

    private static func isolation(_ json: JSONValue) -> Isolation? {
        guard case .integer(let number)? = json["level"], let level = IsolationLevel(rawValue: Int(number)),
            case .array(let names)? = json["degraded"], case .object(let members)? = json["mechanisms"]
        else { return nil }
        let degraded = names.compactMap { $0.string.flatMap(Protection.init(rawValue:)) }
        let read = members.compactMap { member in member.value.string.map { (member.name, $0) } }
        guard degraded.count == names.count, read.count == members.count else { return nil }
        let mechanisms = Dictionary(read) { first, _ in first }
        return Isolation(level: level, degraded: degraded) { mechanisms }
    }

    private static func json(_ stream: CapturedStream) -> JSONValue {
        .object([
            .init("bytes", .count(stream.byteCount)), .init("truncated", .bool(stream.truncated)),
            .init("sha256", .string(stream.sha256)), .init("head", .string(Base64.encode(stream.head))),
            .init("tail", .string(Base64.encode(stream.tail))),
        ])
    }

    private static func stream(_ json: JSONValue) -> CapturedStream? {
        guard case .integer(let bytes)? = json["bytes"], bytes >= 0, case .bool(let truncated)? = json["truncated"],
            let sha256 = json["sha256"]?.string, let head = json["head"]?.string.flatMap(Base64.decode),
            let tail = json["tail"]?.string.flatMap(Base64.decode)
        else { return nil }
        var stream = CapturedStream()
        (stream.byteCount, stream.truncated, stream.sha256) = (UInt64(bytes), truncated, sha256)
        (stream.head, stream.tail) = (head, tail)
        return stream
    }
}
