/// What one run may consume. Every limit is finite; 0 is refused by the parser, never read as "unlimited".
package struct Limits: Sendable, Codable, Hashable {
    /// Real time from start to end of the tree, milliseconds, CLOCK_BOOTTIME.
    package var wallMs: UInt64 = 10_000
    /// CPU time of the whole tree, milliseconds.
    package var cpuMs: UInt64 = 10_000
    /// No CPU use and no output for so long ends the run, milliseconds; nil turns the check off.
    package var idleMs: UInt64?
    /// Memory of the whole tree with its tmpfs and memfd pages, bytes; swap is always 0.
    package var memoryBytes: UInt64 = 256 << 20
    /// Processes and threads alive at once.
    package var pids: UInt64 = 64
    /// Bytes of stdout, and of stderr, each.
    package var outputBytes: UInt64 = 16 << 20
    /// Largest size of one file, bytes.
    package var fsizeBytes: UInt64 = 64 << 20
    /// Bytes of the scratch (workspace, /tmp and /dev/shm together).
    package var diskBytes: UInt64 = 128 << 20
    /// Files and directories in the scratch.
    package var inodes: UInt64 = 16_384
    /// Open descriptors of one process.
    package var nofile: UInt64 = 256

    package init() {}
}

/// The keys of `--limit` and of `limits:` in a policy, with their unit and bounds.
package enum LimitKey: String, Sendable, CaseIterable {
    case wall, cpu, idle, memory, pids, output, fsize, disk, inodes, nofile

    /// What a value counts: milliseconds, bytes, or things.
    package enum Unit: Sendable { case duration, bytes, count }

    package var unit: Unit {
        switch self {
        case .wall, .cpu, .idle: .duration
        case .memory, .output, .fsize, .disk: .bytes
        case .pids, .inodes, .nofile: .count
        }
    }

    /// Smallest and largest accepted value: milliseconds, bytes or a count.
    package var bounds: ClosedRange<UInt64> {
        switch self {
        case .wall, .cpu, .idle: 1...86_400_000
        case .memory: (1 << 20)...(1 << 40)
        case .output, .fsize: 1...(1 << 40)
        case .disk: 4_096...(1 << 40)
        case .pids: 1...32_768
        case .inodes: 16...10_000_000
        case .nofile: 8...1_048_576
        }
    }
}

extension Limits {
    /// The value of one limit in its unit (milliseconds, bytes, count); nil when the check is off.
    package subscript(key: LimitKey) -> UInt64? {
        get {
            switch key {
            case .wall: wallMs
            case .cpu: cpuMs
            case .idle: idleMs
            case .memory: memoryBytes
            case .pids: pids
            case .output: outputBytes
            case .fsize: fsizeBytes
            case .disk: diskBytes
            case .inodes: inodes
            case .nofile: nofile
            }
        }
        set {
            guard let newValue else {
                if key == .idle { idleMs = nil }
                return
            }
            switch key {
            case .wall: wallMs = newValue
            case .cpu: cpuMs = newValue
            case .idle: idleMs = newValue
            case .memory: memoryBytes = newValue
            case .pids: pids = newValue
            case .output: outputBytes = newValue
            case .fsize: fsizeBytes = newValue
            case .disk: diskBytes = newValue
            case .inodes: inodes = newValue
            case .nofile: nofile = newValue
            }
        }
    }
}
