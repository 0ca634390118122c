internal import OrketSystem

/// Runs a command many times with plain fork, exec and wait, from the small process `orket-bare`: the limit that a sandbox
/// is compared with, and the one way in which other programs are timed.
final class BareProgram: Sendable {
    private let pid: Int32
    private let requests: Descriptor
    private let answers: Descriptor

    struct Sample: Sendable {
        var milliseconds: [Double]
        var cpuMs: Double
    }

    /// The program beside this executable; nil when this installation lacks it.
    static func locate() -> String? {
        guard let own = Files.readLink("/proc/self/exe"), let slash = own.lastIndex(of: "/") else { return nil }
        let path = own[..<slash] + "/orket-bare"
        return Files.exists(String(path)) ? String(path) : nil
    }

    /// `command` empty runs the empty program itself.
    init(path: String, command: [String]) throws(SystemError) {
        let toChild = try Pipe(nonblocking: .none)
        let fromChild = try Pipe(nonblocking: .none)
        // What a measured command says of itself is nobody's news here.
        let nowhere = try Files.open("/dev/null", writing: true)
        pid = try Process.spawn(
            path, arguments: command, environment: ["PATH=/usr/bin:/bin"], stdin: toChild.reading.raw,
            stdout: fromChild.writing.raw, stderr: nowhere.raw)
        toChild.reading.close()
        fromChild.writing.close()
        requests = toChild.writing
        answers = fromChild.reading
    }

    /// nil when the command failed: it is then not timed at all.
    func run(_ count: Int) -> Sample? {
        guard (try? requests.writeAll(Array("\(count)\n".utf8))) != nil else { return nil }
        var text: [UInt8] = []
        while text.last != 10 {
            guard let more = try? answers.read(atMost: 64 << 10), !more.isEmpty else { return nil }
            text += more
        }
        let words = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == count + 2, let cpu = Double(words[count + 1]) else { return nil }
        return Sample(
            milliseconds: words.prefix(count).compactMap { Double($0) }.map { $0 / 1_000_000 }, cpuMs: cpu / 1_000_000)
    }

    func stop() {
        requests.close()
        answers.close()
        _ = Process.reap(pid, wait: true)
    }
}
