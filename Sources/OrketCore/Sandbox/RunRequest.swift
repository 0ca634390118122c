/// One program to run in a fresh, single-use sandbox.
package struct RunRequest: Sendable {
    /// Program and arguments; the program is looked up in the policy's PATH when it has no slash. Never empty.
    package var argv: [String]
    /// Added to (and winning over) the policy's environment.
    package var environment: [String: String] = [:]
    package var stdin: StandardInput = .empty
    /// A descriptor of the caller that the program gets as descriptor 3: one end of a result channel. The caller closes its
    /// own copy of this end once the program was told to start.
    package var channel: Int32?
    /// Files written into the workspace before the program starts.
    package var inputs: [InputFile] = []
    /// Files collected from the workspace after the whole tree is dead.
    package var outputs: [OutputFile] = []
    /// Collects every regular file beneath the workspace as well, within these bounds; nil collects only `outputs`.
    package var collectAll: CollectBounds?
    /// Called with each chunk as it arrives, on the monitor thread: must not block. Nil when nobody watches live.
    package var onOutput: (@Sendable (OutputStream, [UInt8]) -> Void)?
    /// Called when a stream was closed by all who could write to it, on the monitor thread. Not called for one that is still
    /// open when the run ends.
    package var onOutputEnd: (@Sendable (OutputStream) -> Void)?
    /// Called once when the sandbox stands, with what was read back from the kernel and the digest of its plan; nothing of the
    /// program runs before. For whoever cannot wait for the result.
    package var onReady: (@Sendable (Isolation, String) -> Void)?
    /// Called once when the program has been told to start; the handle works until the run ends.
    package var onStart: (@Sendable (RunControl) -> Void)?
    /// Bytes of each captured stream kept at its head and at its tail; what lies between is counted, hashed and dropped.
    package var keepHeadBytes = 1 << 20
    package var keepTailBytes = 64 << 10

    package init(argv: [String]) { self.argv = argv }
}

/// Which of the program's two streams.
package enum OutputStream: String, Sendable { case stdout, stderr }

/// What the program reads from descriptor 0.
package enum StandardInput: Sendable {
    /// End of file at once.
    case empty
    /// Fed through a pipe; a payload that does not read them is no error.
    case bytes([UInt8])
    /// Copied through a pipe from this descriptor of the caller, so that the payload never holds the caller's own object.
    case descriptor(Int32)
    /// The reading end of a pipe that was made for this run alone, and that nobody but the supervisor writes to. The caller
    /// closes its own copy once the program was told to start.
    case pipe(Int32)
}

/// A file that the supervisor writes beneath the workspace. `path` is relative, without `..`, checked before anything runs.
package struct InputFile: Sendable, Hashable {
    /// What is made: a file of the bytes, a symbolic link to the path that the bytes spell, or a directory.
    package enum Kind: Sendable, Hashable { case file, link, directory }

    package var path: String
    package var bytes: [UInt8]
    package var executable: Bool
    package var kind: Kind = .file

    package init(path: String, bytes: [UInt8], executable: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.executable = executable
    }

    /// A symbolic link. Where it leads is the program's affair: the supervisor follows none.
    package static func link(_ path: String, target: [UInt8]) -> InputFile {
        var input = InputFile(path: path, bytes: target)
        input.kind = .link
        return input
    }

    /// A directory, which may stay empty.
    package static func directory(_ path: String) -> InputFile {
        var input = InputFile(path: path, bytes: [])
        input.kind = .directory
        return input
    }
}

/// A file wanted from the workspace: collected by descriptor, beneath the root, regular, one link, bounded.
package struct OutputFile: Sendable {
    package var path: String
    package var maximumBytes: Int
    package var optional: Bool

    package init(path: String, maximumBytes: Int = 64 << 20, optional: Bool = false) {
        self.path = path
        self.maximumBytes = maximumBytes
        self.optional = optional
    }
}

/// Bounds of a whole-workspace collection; what exceeds them is rejected, never cut silently.
package struct CollectBounds: Sendable {
    package var maximumFiles: Int
    package var maximumBytes: Int

    package init(maximumFiles: Int = 4096, maximumBytes: Int = 256 << 20) {
        self.maximumFiles = maximumFiles
        self.maximumBytes = maximumBytes
    }
}

/// A handle on a running program, for whoever forwards signals to it.
package struct RunControl: Sendable {
    /// Sends a signal number to the program's main process, and what a terminal sends to its process group.
    package let signal: @Sendable (Int32) -> Void
    /// Ends the run as cancelled; its result still comes.
    package let cancel: @Sendable () -> Void
    /// Stops reading the program's output (true) or goes on: a program that writes on then waits, as for any slow reader.
    /// Limits stay in force, but waiting is not idleness.
    package let holdOutput: @Sendable (Bool) -> Void
    /// Processes that the out-of-memory killer has taken from the program's cgroup so far; nil without a cgroup. Only while
    /// the run lasts.
    package let oomKills: @Sendable () -> UInt64?

    package init(
        signal: @escaping @Sendable (Int32) -> Void, cancel: @escaping @Sendable () -> Void,
        holdOutput: @escaping @Sendable (Bool) -> Void, oomKills: @escaping @Sendable () -> UInt64?
    ) {
        self.signal = signal
        self.cancel = cancel
        self.holdOutput = holdOutput
        self.oomKills = oomKills
    }
}
