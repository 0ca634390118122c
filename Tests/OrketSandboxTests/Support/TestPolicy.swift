import OrketCore

/// A policy made in code, so that sandbox tests do not depend on the policy files.
enum TestPolicy {
    static func make(_ change: (inout Policy) -> Void = { _ in }) -> Policy {
        var policy = Policy(name: "test", why: "tests of the sandbox")
        policy.mounts = [
            .init(source: "/usr", target: "/usr", why: "programs"),
            .init(source: "/etc/ld.so.cache", target: "/etc/ld.so.cache", optional: true, why: "dynamic linking"),
            .init(source: "/etc/alternatives", target: "/etc/alternatives", optional: true, why: "Debian's links"),
        ]
        policy.symlinks = ["bin", "sbin", "lib", "lib64"].map { .init(path: "/\($0)", target: "usr/\($0)") }
        policy.files = [.init(path: "/etc/passwd", text: "candidate:x:1000:1000::/box:/bin/sh\n")]
        policy.environment = ["PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/box", "LANG": "C.UTF-8"]
        policy.syscalls = SyscallRules(
            groups: [.init(name: "all", why: "enough for tests", action: .allow, calls: calls)], socketFamilies: [.unix]
        )
        // Far away, also on a machine that is busy or emulated.
        policy.limits.wallMs = 240_000
        policy.limits.cpuMs = 120_000
        change(&policy)
        return policy
    }

    private static let calls = """
        read write open openat close stat fstat lstat newfstatat statx poll ppoll lseek mmap mprotect munmap brk mremap
        rt_sigaction rt_sigprocmask rt_sigreturn rt_sigtimedwait rt_sigsuspend sigaltstack pread64 pwrite64 readv writev
        preadv pwritev access faccessat faccessat2 pipe pipe2 select pselect6 sched_yield madvise dup dup2 dup3 pause
        nanosleep clock_nanosleep getitimer setitimer alarm getpid gettid getppid sendfile sendto recvfrom sendmsg recvmsg
        shutdown bind listen accept accept4 connect getsockname getpeername setsockopt getsockopt fork vfork execve execveat
        exit exit_group wait4 waitid kill tkill tgkill uname fcntl flock fsync fdatasync truncate ftruncate getdents64
        getcwd chdir fchdir rename renameat renameat2 mkdir mkdirat rmdir creat link linkat unlink unlinkat symlink
        symlinkat readlink readlinkat chmod fchmod fchmodat chown fchown fchownat umask gettimeofday getrlimit getrusage
        sysinfo times getuid getgid geteuid getegid setpgid getpgid getpgrp setsid getsid getgroups getresuid getresgid
        capget prctl arch_prctl futex set_robust_list get_robust_list set_tid_address rseq sched_getaffinity
        sched_setaffinity getrandom memfd_create prlimit64 setrlimit close_range epoll_create1 epoll_ctl epoll_wait
        epoll_pwait eventfd2 timerfd_create timerfd_settime timerfd_gettime signalfd4 clock_gettime clock_getres getcpu
        utimensat mknod mknodat fallocate fadvise64 copy_file_range splice tee mincore msync mlock munlock shmget shmat
        shmctl shmdt semget semop semctl msgget msgsnd msgrcv msgctl mq_open mq_unlink statfs fstatfs setpriority
        getpriority openat2 pidfd_open pidfd_send_signal inotify_init1 inotify_add_watch inotify_rm_watch membarrier
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
