import OrketCore
import OrketSystem

/// One git command that only reads, on a repository whose configuration may be hostile.
///
/// Theory of operation: the environment is ours alone, and so are the settings that could start a program: no hooks, no
/// file system monitor, no pager, no transport (so nothing missing is fetched), no replaced objects, no configuration
/// but the repository's own. git runs under limits of memory, CPU time and file size and is killed after its time.
final class GitCommand {
    private let output: Descriptor
    private let errors: MemoryFile
    private var pid: Int32?

    private static let limits = """
        ulimit -c 0; ulimit -f 64; ulimit -v 4194304; ulimit -t "$1"
        exec timeout -s KILL "$@"
        """
    private static let settings = [
        "core.fsmonitor=false", "core.hooksPath=/dev/null", "core.pager=cat", "core.packedGitLimit=256m",
        "core.packedGitWindowSize=32m", "protocol.allow=never", "safe.directory=*",
    ]
    private static let environment = [
        "PATH=/usr/bin:/bin:/usr/local/bin", "LC_ALL=C", "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null",
        "GIT_ATTR_NOSYSTEM=1", "GIT_ALLOW_PROTOCOL=none", "GIT_NO_LAZY_FETCH=1", "GIT_NO_REPLACE_OBJECTS=1",
        "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0",
    ]

    /// Starts git in `repository`, a real path; it is not looked for further up.
    init(_ repository: String, _ arguments: [String], input: [UInt8] = [], seconds: Int) throws(ImportStop) {
        let above = repository.split(separator: "/").dropLast().joined(separator: "/")
        let environment = Self.environment + ["GIT_CEILING_DIRECTORIES=/\(above)"]
        let settings = Self.settings.flatMap { ["-c", $0] }
        let command =
            ["-c", Self.limits, "sh", "\(seconds)", "git", "--no-pager", "-C", repository] + settings + arguments
        do throws(SystemError) {
            errors = try MemoryFile(name: "git")
            let pipe = try Pipe(nonblocking: .none)
            let stdin = try MemoryFile(sealed: input, name: "git")
            pid = try Process.spawn(
                "/bin/sh", arguments: command, environment: environment, stdin: stdin.descriptor.raw,
                stdout: pipe.writing.raw, stderr: errors.descriptor.raw)
            pipe.writing.close()
            output = pipe.reading
        } catch {
            throw .storage(.system(error))
        }
    }

    /// The next bytes; empty at the end.
    func read(atMost count: Int) throws(ImportStop) -> [UInt8] {
        if pid == nil { return [] }
        do throws(SystemError) { return try output.read(atMost: count) ?? [] } catch { throw .storage(.system(error)) }
    }

    /// All bytes, in pieces; then says how git ended.
    func readAll(_ take: ([UInt8]) throws(ImportStop) -> Void) throws(ImportStop) {
        while true {
            let bytes = try read(atMost: importChunkBytes)
            if bytes.isEmpty { return try finish() }
            try take(bytes)
        }
    }

    /// Waits for the end; anything but success is a finding with git's own words.
    func finish() throws(ImportStop) {
        output.close()
        guard let status = pid.flatMap({ Process.reap($0, wait: true) }) else { return }
        pid = nil
        if status == 0 { return }
        if status & 0x7f != 0 { throw .finding("git was ended: it took too much time or memory") }
        let words = Files.reread(errors.descriptor, capacity: 2_048).split(separator: "\n").first ?? "no reason given"
        throw .finding("git refuses: \(String(words).jsonEscaped)")
    }

    deinit {
        // Without a reader git ends at its next write, and after its time in any case.
        try? finish()
    }
}
