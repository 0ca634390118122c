import OrketCore
import Testing

/// Swift Testing has a type of the same name.
typealias ProgramEnd = OrketCore.ExitStatus

/// One program under one set of limits, and everything that may be said of it.
struct LimitCase: Sendable, CustomTestStringConvertible {
    var name: String
    var arguments: [String]
    /// All reasons, primary first; empty: it passes.
    var reasons: [ReasonCode]
    var exit: ProgramEnd?
    /// Only a cgroup can tell or hold this.
    var needsCgroup = false
    var limits: @Sendable (inout Limits) -> Void

    var testDescription: String { name }

    init(
        _ name: String, _ arguments: String, _ reasons: [ReasonCode] = [], exit: ProgramEnd? = nil,
        needsCgroup: Bool = false, limits: @escaping @Sendable (inout Limits) -> Void
    ) {
        self.name = name
        self.arguments = arguments.split(separator: " ").map(String.init)
        self.reasons = reasons
        self.exit = exit ?? (reasons.isEmpty ? .exited(0) : nil)
        self.needsCgroup = needsCgroup
        self.limits = limits
    }
}

extension LimitCase {
    private static let mebibyte: UInt64 = 1 << 20
    private static let killed = ProgramEnd.signaled(9)

    /// Each limit: a program beyond it, and one that stays just below.
    static let all: [LimitCase] = time + memory + counts + output + files

    /// The other clock is far away in each, so a reason that comes from the wrong one shows.
    private static let time: [LimitCase] = [
        .init("wall: sleeps too long", "sleep 60000", [.wallTime]) { $0.wallMs = 300 },
        .init("wall: works too long", "spin 60000", [.wallTime]) {
            $0.wallMs = 300
            $0.cpuMs = 60_000
        },
        .init("wall: below", "sleep 20") { $0.wallMs = 60_000 },
        .init("cpu: one process", "spin 60000", [.cpuTime]) {
            $0.cpuMs = 200
            $0.wallMs = 60_000
        },
        .init("cpu: many short processes", "spin-children 100 50", [.cpuTime]) {
            $0.cpuMs = 300
            $0.wallMs = 60_000
        },
        .init("cpu: below", "spin 100") { $0.cpuMs = 5_000 },
        .init("cpu: sleep costs none", "sleep 500") { $0.cpuMs = 200 },
        .init("idle: sleeps", "sleep 60000", [.idleTime]) {
            $0.idleMs = 300
            $0.wallMs = 60_000
        },
        .init("idle: output is no idleness", "tick 70 50") { $0.idleMs = 3_000 },
        .init("idle: work is no idleness", "spin 3300") { $0.idleMs = 3_000 },
    ]

    private static let memory: [LimitCase] = [
        .init("memory: anonymous", "heap 64", [.memory]) { $0.memoryBytes = 32 * mebibyte },
        .init("memory: anonymous, below", "heap 24") { $0.memoryBytes = 32 * mebibyte },
        .init("memory: tmpfs", "file /tmp/x 67108864", [.memory], exit: killed, needsCgroup: true) {
            $0.memoryBytes = 32 * mebibyte
        },
        .init("memory: tmpfs, below", "file /tmp/x 25165824") { $0.memoryBytes = 32 * mebibyte },
        .init("memory: /dev/shm", "file /dev/shm/x 67108864", [.memory], exit: killed, needsCgroup: true) {
            $0.memoryBytes = 32 * mebibyte
        },
        .init("memory: memfd", "memfd 60", [.memory], exit: killed, needsCgroup: true) {
            $0.memoryBytes = 32 * mebibyte
        },
        .init("memory: memfd, below", "memfd 24") { $0.memoryBytes = 32 * mebibyte },
    ]

    private static let counts: [LimitCase] = [
        .init("pids: too many", "fork 40", [.processLimit, .nonzeroExit], exit: .exited(11), needsCgroup: true) {
            $0.pids = 16
        },
        .init("pids: below", "fork 12") { $0.pids = 16 },
        .init("nofile: too many", "open 40", [.nonzeroExit], exit: .exited(24)) { $0.nofile = 32 },
        .init("nofile: below", "open 28") { $0.nofile = 32 },
    ]

    private static let output: [LimitCase] = [
        .init("output: too much on stdout", "print 1 200000", [.outputLimit]) { $0.outputBytes = 65_536 },
        .init("output: too much on stderr", "print 2 200000", [.outputLimit]) { $0.outputBytes = 65_536 },
        .init("output: one byte too much", "print 1 65537", [.outputLimit]) { $0.outputBytes = 65_536 },
        .init("output: to the last byte", "print 1 65536") { $0.outputBytes = 65_536 },
    ]

    private static let files: [LimitCase] = [
        .init("fsize: one byte too long", "file x 1048577", [.fileSize], exit: .signaled(25)) {
            $0.fsizeBytes = mebibyte
        },
        .init("fsize: to the last byte", "file x 1048576") { $0.fsizeBytes = mebibyte },
        .init("disk: too much", "file x 2097152", [.diskQuota, .nonzeroExit], exit: .exited(28)) {
            $0.diskBytes = mebibyte
        },
        .init("disk: /tmp counts too", "file /tmp/x 2097152", [.diskQuota, .nonzeroExit], exit: .exited(28)) {
            $0.diskBytes = mebibyte
        },
        .init("disk: below", "file x 983040") { $0.diskBytes = mebibyte },
        .init("inodes: too many", "files 100", [.inodeQuota, .nonzeroExit], exit: .exited(28)) { $0.inodes = 64 },
        .init("inodes: below", "files 40") { $0.inodes = 64 },
    ]
}
