import Dispatch
import Glibc
package import OrketCore

/// The output of a corpus run: whole lines, only ever appended. Writing happens on a queue of its own, so that a reader
/// who does not take its pipe's bytes never holds up a thread that runs verifications.
package final class VerdictLog: Sendable {
    private let descriptor: Int32
    private let name: String
    private let queue = DispatchQueue(label: "orket.verdict-log")

    private init(descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    deinit { close(descriptor) }

    /// Standard output as the log; the descriptor is duplicated.
    package static func standardOutput() throws(InvalidInput) -> VerdictLog {
        let descriptor = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        if descriptor < 0 { throw failure("stdout", "cannot be duplicated", errno) }
        return VerdictLog(descriptor: descriptor, name: "stdout")
    }

    /// Opens `path` for appending and locks it against a second writer. A file that already holds something is refused
    /// unless `resume`; then its verdicts are returned and a torn last line is cut off. Lines that are no verdicts are
    /// findings, and the file stays as it is.
    package static func open(
        _ path: String, resume: Bool
    ) throws(InvalidInput) -> (log: VerdictLog, earlier: [EarlierVerdict]) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o644)
        if descriptor < 0 { throw failure(path, "cannot be opened for appending", errno) }
        let log = VerdictLog(descriptor: descriptor, name: path)
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0 { throw failure(path, "is in use by another run", errno) }
        var status = stat()
        if fstat(descriptor, &status) != 0 { throw failure(path, "cannot be examined", errno) }
        if status.st_mode & S_IFMT != S_IFREG || status.st_size == 0 { return (log, []) }
        if !resume {
            throw InvalidInput([Finding(file: path, "already exists; pass --resume to go on, or name a new file")])
        }
        return (log, try log.readBack())
    }

    private func readBack() throws(InvalidInput) -> [EarlierVerdict] {
        var splitter = LineSplitter(maximumBytes: 1 << 20)
        var verdicts: [EarlierVerdict] = []
        var findings: [Finding] = []
        var wholeBytes = 0
        func take(_ line: LineSplitter.Line) {
            wholeBytes += line.bytes.count + 1
            switch line.tooLong ? .failure(VerdictLine.Refusal(sentence: "too long")) : VerdictLine.parse(line.bytes) {
            case .success(let verdict): verdicts.append(EarlierVerdict(line: line.number, verdict: verdict))
            case .failure(let refusal):
                findings.append(Finding(file: name, line: line.number, "not a verdict: \(refusal.sentence)"))
            }
        }
        try HostFile.read(name) { chunk throws(InvalidInput) in
            for line in splitter.feed(chunk) where findings.count < 1_000 { take(line) }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        if splitter.finish() != nil, ftruncate(descriptor, wholeBytes) != 0 {
            throw Self.failure(name, "its torn last line cannot be cut off", errno)
        }
        return verdicts
    }

    /// Appends `line` and a newline by one write where the kernel takes it whole. Throws a finding that names the file.
    package func append(_ line: String) async throws(InvalidInput) {
        let bytes = Array((line + "\n").utf8)
        try await perform { descriptor in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                let error = errno
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if error != EINTR {
                    return error
                }
            }
            return 0
        }
    }

    /// Forces what was appended to the disk; does nothing for pipes and terminals.
    package func synchronize() async throws(InvalidInput) {
        try await perform { descriptor in
            let error = fsync(descriptor) == 0 ? 0 : errno
            return error == EINVAL || error == EROFS ? 0 : error
        }
    }

    private func perform(_ work: @escaping @Sendable (Int32) -> Int32) async throws(InvalidInput) {
        let error = await withCheckedContinuation { continuation in
            queue.async { [descriptor] in continuation.resume(returning: work(descriptor)) }
        }
        if error != 0 { throw Self.failure(name, "cannot be written", error) }
    }

    private static func failure(_ path: String, _ what: String, _ error: Int32) -> InvalidInput {
        InvalidInput([Finding(file: path, "\(what): \(String(cString: strerror(error)))")])
    }
}
