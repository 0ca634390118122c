import Glibc
import OrketSystem

/// A bare process of the host in a session of its own: the compiler, and programs of control runs outside the sandbox.
enum HostProcess {
    enum End: Sendable, Hashable {
        case exited(Int32)
        case signaled(Int32)
        case timedOut
        case notStarted(String)
    }

    /// A descriptor that a control run gets beyond 0, 1 and 2, so that a leak can be seen.
    static let extraDescriptor: Int32 = 9

    /// Starts `argv` in `directory` with exactly `environment`, and waits for it. Its stdin, stdout and stderr are files in
    /// `files`. After `timeoutMs` everything in its process group is killed; so is what is left when it ends by itself.
    static func run(
        _ argv: [String], environment: [String: String], directory: String, files: String,
        withExtraDescriptor: Bool = false,
        timeoutMs: UInt64, beforeCleanUp: @Sendable () -> Void = {}
    ) async -> End {
        let pid: pid_t
        switch spawn(argv, environment, directory, files, withExtraDescriptor) {
        case .success(let started): pid = started
        case .failure(let error): return .notStarted(error.description)
        }
        let deadline = ContinuousClock.now + .milliseconds(Int64(timeoutMs))
        var status: Int32?
        while status == nil {
            status = Process.reap(pid, wait: false)
            if status != nil { break }
            if ContinuousClock.now > deadline || Task.isCancelled { break }
            try? await Task.sleep(for: .milliseconds(2))
            // A cancelled sleep returns at once; the loop then ends by itself.
        }
        beforeCleanUp()
        // The leader of the group may be reaped already; its number stays taken as long as a member lives.
        _ = kill(-pid, SIGKILL)
        guard let status else {
            _ = kill(pid, SIGKILL)
            _ = Process.reap(pid, wait: true)
            return .timedOut
        }
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .signaled(signal)
    }

    private static func spawn(
        _ argv: [String], _ environment: [String: String], _ directory: String, _ files: String,
        _ withExtraDescriptor: Bool
    ) -> Result<pid_t, SystemError> {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        // POSIX_SPAWN_SETSID: nothing that it does to its group or terminal reaches this process. SETSIGMASK and SETSIGDEF:
        // this thread may block every signal, and a probe that inherited that would outlive its own alarm(2).
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, 0x80 | 0x08 | 0x04)
        posix_spawn_file_actions_addopen(&actions, 0, files + "/stdin", O_RDONLY | O_CREAT, 0o600)
        posix_spawn_file_actions_addopen(&actions, 1, files + "/stdout", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, files + "/stderr", O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        if withExtraDescriptor { posix_spawn_file_actions_addopen(&actions, extraDescriptor, "/", O_RDONLY, 0) }
        // The shell changes the directory: posix_spawn(3) alone cannot on older C libraries.
        let command = ["sh", "-c", "cd \"$0\" && exec \"$@\"", directory] + argv
        let argvPointers = command.map { strdup($0) } + [nil]
        let envPointers = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in argvPointers + envPointers { free(pointer) } }
        var pid: pid_t = 0
        let error = posix_spawn(&pid, "/bin/sh", &actions, &attributes, argvPointers, envPointers)
        return error == 0 ? .success(pid) : .failure(SystemError("posix_spawn", argv[0], errno: error))
    }
}
