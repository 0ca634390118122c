internal import COrketLinux
internal import Glibc

/// Facts about processes, and signals to them by pidfd: a number that was given to another process is never hit.
package enum Process {
    package static var userID: UInt32 { geteuid() }
    package static var processID: Int32 { getpid() }
    package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    package static func openPIDFD(_ pid: Int32) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check(orket_pidfd_open(pid), "pidfd_open", "\(pid)"))
    }

    /// False when the process is gone already.
    @discardableResult
    package static func signal(_ pidfd: Descriptor, _ signal: Int32) -> Bool {
        orket_pidfd_signal(pidfd.raw, signal) == 0
    }

    package static let sigkill = SIGKILL

    /// Starts a helper program with a socket as descriptor 3; its pid.
    package static func spawn(_ path: String, arguments: [String], environment: [String], socket: Int32, output: Int32)
        throws(SystemError) -> Int32
    {
        let argv = (([path] + arguments).map { strdup($0) }) + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        return try check(orket_spawn(path, argv, envp, socket, output), "posix_spawn", path)
    }

    /// Reaps an ended child; nil while it runs.
    package static func reap(_ pid: Int32, wait: Bool) -> Int32? {
        var status: Int32 = 0
        return orket_wait(pid, &status, wait ? 0 : 1) == pid ? status : nil
    }

    /// Name of a signal as people write it.
    package static func signalName(_ number: Int32) -> String {
        guard let text = orket_signal_name(number) else { return "signal \(number)" }
        return "SIG" + String(cString: text)
    }
}

extension Process {
    /// Blocks this thread: only for teardown loops outside the concurrency pool.
    package static func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }
}
