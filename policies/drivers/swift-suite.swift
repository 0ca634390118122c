// Runs a test suite of Swift Testing and of XCTest in the process in which the candidate runs too, and reports each test.
//
// Compiled once, without anything of the candidate. Descriptor 3 is a stream of frames, as in python-suite.py beside this file.
// One comes in: {"nonce", "library"}, where `library` is the tests as a shared object. What goes out bears the nonce and its own
// number: "ready"; "event", whose detail is a record of Swift Testing's event stream, version 0, as the library made it; "test",
// one for each test of XCTest; "problem"; "end".
//
// The candidate shares this process, so that in principle it can forge every report. What is done against it: the testing
// libraries are loaded before anything of it, and globally, so that no symbol of the candidate takes the place of one of theirs;
// tests and candidate are loaded into a scope of their own; the channel lies behind a number of its own and no child inherits it.

import Dispatch
import Glibc
import XCTest

@_silgen_name("swt_abiv0_getEntryPoint") private func entryPoint() -> UnsafeRawPointer

/// The stable entry point of Swift Testing: a configuration as JSON, or none, and who takes the records.
private typealias EntryPoint = @convention(thin) @Sendable (
    UnsafeRawBufferPointer?, @escaping @Sendable (UnsafeRawBufferPointer) -> Void
) async throws -> Bool

/// The channel. Messages come from any thread.
private final class Reporter: @unchecked Sendable {
    private let descriptor: Int32
    private let nonce: String
    private var number = 0
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    init(_ nonce: String) {
        self.nonce = nonce
        descriptor = fcntl(3, F_DUPFD_CLOEXEC, 128)
        close(3)
        pthread_mutex_init(lock, nil)
    }

    func send(_ kind: String, name: String = "", status: String = "", detail: String = "") {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        let texts = [("kind", kind), ("name", name), ("status", status), ("detail", detail)]
        var body = Array("{\"nonce\":\"\(nonce)\",\"number\":\(number)".utf8)
        number += 1
        for (key, text) in texts { body += Array(",\"\(key)\":\"".utf8) + Self.escaped(text) + [0x22] }
        body.append(0x7D)
        let count = UInt32(body.count)
        let frame = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * UInt32($0))) } + body
        var done = 0
        while done < frame.count {
            let written = frame.withUnsafeBytes { write(descriptor, $0.baseAddress! + done, frame.count - done) }
            if written < 0 && errno != EINTR { _exit(0) }
            done += max(written, 0)
        }
    }

    private static func escaped(_ text: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: bytes += [0x5C, byte]
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
        return bytes
    }
}

/// The setup: one frame, whose values hold nothing that is escaped.
private func readSetup() -> [String: String] {
    func exactly(_ size: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < size {
            var part = [UInt8](repeating: 0, count: size - bytes.count)
            let count = read(3, &part, part.count)
            if count <= 0 { _exit(0) }
            bytes += part[..<count]
        }
        return bytes
    }
    let size = exactly(4).enumerated().reduce(0) { $0 + Int($1.element) << (8 * $1.offset) }
    let words = String(decoding: exactly(size), as: UTF8.self).split(separator: "\"", omittingEmptySubsequences: false)
    var setup: [String: String] = [:]
    for index in stride(from: 1, to: words.count - 2, by: 4) { setup[String(words[index])] = String(words[index + 2]) }
    return setup
}

/// Tests of XCTest, as they end.
private final class Observer: NSObject, XCTestObservation {
    private let reporter: Reporter
    private let module: String
    private var failures: [String] = []

    init(_ reporter: Reporter, module: String) {
        self.reporter = reporter
        self.module = module
    }

    func testCaseWillStart(_ testCase: XCTestCase) { failures = [] }

    func testCase(
        _ testCase: XCTestCase, didFailWithDescription description: String, inFile file: String?, atLine line: Int
    ) {
        if failures.count < 5 { failures.append("line \(line): \(description.prefix(400))") }
    }

    func testCaseDidFinish(_ testCase: XCTestCase) {
        let name = testCase.name.split(separator: ".", maxSplits: 1).joined(separator: "/")
        guard let run = testCase.testRun else { return }
        let status = run.totalFailureCount > 0 ? "failed" : run.hasBeenSkipped ? "skipped" : "passed"
        reporter.send("test", name: "\(module).\(name)", status: status, detail: failures.joined(separator: "; "))
    }
}

@main private enum Runner {
    static func main() {
        let setup = readSetup()
        let reporter = Reporter(setup["nonce"] ?? "")
        reporter.send("ready")
        let library = setup["library"] ?? ""
        guard let handle = dlopen(library, RTLD_NOW | RTLD_LOCAL) else {
            reporter.send("problem", name: library, detail: dlerror().map { String(cString: $0) } ?? "")
            reporter.send("end")
            exit(0)
        }
        var entries: [XCTestCaseEntry] = []
        if let symbol = dlsym(handle, "orket_xctest_entries") {
            let fill = unsafeBitCast(symbol, to: (@convention(c) (UnsafeMutableRawPointer) -> Void).self)
            withUnsafeMutablePointer(to: &entries) { fill(UnsafeMutableRawPointer($0)) }
        }
        if !entries.isEmpty {
            let observer = Observer(reporter, module: setup["module"] ?? "")
            _ = XCTMain(entries, arguments: ["tests"], observers: [observer]) as CInt
        }
        let run = unsafeBitCast(entryPoint(), to: EntryPoint.self)
        Task.detached {
            do {
                _ = try await run(nil) { reporter.send("event", detail: String(decoding: $0, as: UTF8.self)) }
                reporter.send("end")
            } catch {
                reporter.send("problem", name: "Swift Testing", detail: "\(error)")
            }
            exit(0)
        }
        dispatchMain()
    }
}
