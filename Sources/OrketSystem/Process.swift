internal import COrketLinux
internal import Glibc

/// Facts about processes, and signals to them by pidfd: a number that was given to another process is never hit.
package enum Process {
    package static var userID: UInt32 { geteuid() }
    package static var processID: Int32 { getpid() }
    package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    /// A descriptor that means this process for ever, also when its number is given to another.
    package static func openPIDFD(_ pid: Int32) throws(SystemError) -> Descriptor {
        Descriptor(owning: try check(orket_pidfd_open(pid), "pidfd_open", "\(pid)"))
    }

    /// False when the process is gone already.
    @discardableResult
    package static func signal(_ pidfd: Descriptor, _ signal: Int32) -> Bool {
        orket_pidfd_signal(pidfd.raw, signal) == 0
    }

    package static let sigkill = SIGKILL

    /// True when the process has ended, reaped or not. Never blocks.
    package static func hasEnded(_ pidfd: Descriptor) -> Bool {
        var poll = pollfd(fd: pidfd.raw, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) != 0
    }

    /// Starts a helper program; its pid. Descriptors that are not given are closed, stdin is then /dev/null.
    package static func spawn(
        _ path: String, arguments: [String], environment: [String], stdin: Int32 = -1, stdout: Int32 = -1,
        stderr: Int32 = -1,
        socket: Int32 = -1
    ) throws(SystemError) -> Int32 {
        let argv = (([path] + arguments).map { strdup($0) }) + [nil]
        let envp = environment.map { strdup($0) } + [nil]
        defer { for pointer in argv + envp { free(pointer) } }
        return try check(orket_spawn(path, argv, envp, [stdin, stdout, stderr, socket]), "posix_spawn", path)
    }

    /// Takes all descriptors that the hard limit gives: the soft limit of 1024 is for programs that still use select(2).
    package static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        _ = setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    /// nil when the process is gone.
    package static func parent(of pid: Int32) -> Int32? {
        guard let stat = try? Files.text("/proc/\(pid)/stat"), let close = stat.lastIndex(of: ")") else { return nil }
        // `) state ppid`: the name before may hold spaces and parentheses.
        return stat[close...].split(separator: " ").dropFirst(2).first.flatMap { Int32($0) }
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

extension Process {
    /// CPU time of a process, of its living descendants and of all that those have reaped, nanoseconds; grain 10 ms.
    package static func cpuNanosecondsOfTree(_ pid: Int32) -> UInt64 {
        let stat = (try? Files.text("/proc/\(pid)/stat")) ?? ""
        guard let close = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        // utime, stime, cutime, cstime are fields 14 to 17; the list starts at field 3.
        let ticks = (11...14).compactMap { fields.count > $0 ? UInt64(fields[$0]) : nil }.reduce(0, +)
        let children = (try? Files.text("/proc/\(pid)/task/\(pid)/children")) ?? ""
        let below = children.split(separator: " ").compactMap { Int32($0) }.map(cpuNanosecondsOfTree).reduce(0, +)
        return ticks * (1_000_000_000 / UInt64(sysconf(Int32(_SC_CLK_TCK)))) + below
    }

    /// User plus system time of this process, all threads, nanoseconds.
    package static var ownCPUNanoseconds: UInt64 { cpuNanoseconds(RUSAGE_SELF.rawValue) }

    /// The same with all children that were waited for, and with all that those waited for.
    package static var cpuNanosecondsWithChildren: UInt64 {
        ownCPUNanoseconds + cpuNanoseconds(RUSAGE_CHILDREN.rawValue)
    }

    private static func cpuNanoseconds(_ whose: Int32) -> UInt64 {
        var usage = rusage()
        getrusage(whose, &usage)
        let seconds = UInt64(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
        return seconds * 1_000_000_000 + UInt64(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000
    }
}

extension Process {
    /// A process and all its living descendants, parents first.
    package static func tree(_ pid: Int32) -> [Int32] {
        let children = (try? Files.text("/proc/\(pid)/task/\(pid)/children")) ?? ""
        return [pid] + children.split(separator: " ").compactMap { Int32($0) }.flatMap(tree)
    }

    /// Proportional set size of a process and of another one with its descendants, bytes: pages that several of them
    /// share are counted once. 0 for a process that may not be looked into.
    package static func proportionalBytes(_ pid: Int32, withTree root: Int32) -> UInt64 {
        ([pid] + tree(root)).map { pid in
            let rollup = (try? Files.text("/proc/\(pid)/smaps_rollup")) ?? ""
            let line = rollup.split(separator: "\n").first { $0.hasPrefix("Pss:") }
            let kibibytes = line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) } ?? 0
            return kibibytes << 10
        }.reduce(0, +)
    }
}
