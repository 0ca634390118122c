import Foundation
import Testing

/// Programs of others that read our reports: libraries of PyPI in an environment that `.ci/packages reports` makes, and
/// perl's own reader of TAP.
enum Reader {
    /// The environment of `.ci/packages`, by the same rule as there.
    static let environment: String = {
        let variables = ProcessInfo.processInfo.environment
        let cache =
            variables["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? (variables["HOME"] ?? "/root") + "/.cache"
        return cache + "/orket/python-reports"
    }()

    /// Whether the environment is whole; where it must be, its absence is a failure.
    static func isThere() -> Bool {
        let isWhole = FileManager.default.fileExists(atPath: environment + "/requirements")
        if !isWhole, ProcessInfo.processInfo.environment["ORKET_MUST_WORK"] == "1" {
            Issue.record("this test needs the readers: .ci/packages reports")
        }
        return isWhole
    }

    /// What `Tests/Readers/reports.py` prints about `text`.
    static func read<Value: Decodable>(
        _ command: String, schema: String? = nil, _ text: String, as type: Value.Type
    ) throws -> Value {
        let output = try withFile(text) { file in
            try run(
                environment + "/bin/python",
                [Golden.root + "/Tests/Readers/reports.py", command] + (schema.map { [$0] } ?? []) + [file])
        }
        return try JSONDecoder().decode(type, from: Data(output.utf8))
    }

    /// Runs `work` with the path of a file that holds `text` and is gone afterwards.
    static func withFile<Value>(_ text: String, _ work: (String) throws -> Value) throws -> Value {
        let file = FileManager.default.temporaryDirectory.appending(path: "orket-report-\(UUID().uuidString)")
        try Data(text.utf8).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try work(file.path)
    }

    /// stdout of a program that must end with status 0.
    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(program) \(arguments)")
        return String(decoding: output, as: UTF8.self)
    }
}
