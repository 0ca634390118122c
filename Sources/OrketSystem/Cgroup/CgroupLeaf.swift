/// The cgroup of one sandbox's payload and its descendants. The supervisor and pid 1 are never inside: neither the OOM
/// killer nor the process limit can take them.
package final class CgroupLeaf: Sendable {
    package let version: CgroupLayout.Version
    package let paths: [String]
    package let memoryBytes: UInt64
    package let pids: UInt64
    /// What the jail gets to put the payload in: `tasks` of each hierarchy (v1), the directory (v2).
    ///
    /// Not `cgroup.procs` on v1: moving a whole process waits for an RCU grace period, 8 to 16 ms whenever the machine was
    /// quiet. A thread that moves itself does not (`cgroup_procs_write_start()` in the kernel, since Linux 5.5), and the
    /// payload has only the one.
    package let entrances: [Descriptor]

    private let memoryPeakFile: Descriptor?
    private let oomFile: Descriptor
    private let cpuFile: Descriptor?
    private let pidsEventsFile: Descriptor?
    private let pidsPeakFile: Descriptor?

    package struct Counters: Sendable, Hashable {
        package var oomKills: UInt64 = 0
        package var processLimitHits: UInt64 = 0
        package var cpuNanoseconds: UInt64 = 0
    }

    /// Usage since the leaf was made. A peak of nil means that the kernel keeps none.
    package struct Sample: Sendable {
        package var counters: Counters
        package var memoryPeakBytes: UInt64?
        package var processesPeak: UInt64?
    }

    init(version: CgroupLayout.Version, paths: [String], memoryBytes: UInt64, pids: UInt64) throws(SystemError) {
        self.version = version
        self.paths = paths
        self.memoryBytes = memoryBytes
        self.pids = pids
        var opened: [Descriptor] = []
        do {
            for path in paths { try Files.makeDirectory(path, mode: 0o755) }
            try Self.setLimits(version, paths, memoryBytes: memoryBytes, pids: pids)
            for path in paths {
                opened.append(
                    version == .v2
                        ? try Files.open(path, directoryOnly: true)
                        : try Files.open(path + "/tasks", writing: true))
            }
            oomFile = try Self.openFirst(paths, version == .v2 ? "memory.events" : "memory.oom_control")!
        } catch {
            for path in paths { try? Files.removeDirectory(path) }
            throw error
        }
        entrances = opened
        memoryPeakFile = try? Self.openFirst(paths, version == .v2 ? "memory.peak" : "memory.max_usage_in_bytes")
        cpuFile = try? Self.openFirst(paths, version == .v2 ? "cpu.stat" : "cpuacct.usage")
        pidsEventsFile = try? Self.openFirst(paths, "pids.events")
        pidsPeakFile = try? Self.openFirst(paths, "pids.peak")
    }

    private static func openFirst(_ paths: [String], _ name: String) throws(SystemError) -> Descriptor? {
        for path in paths where Files.exists("\(path)/\(name)") { return try Files.open("\(path)/\(name)") }
        throw SystemError("open", name, errno: SystemError.ENOENT)
    }

    private static func setLimits(
        _ version: CgroupLayout.Version, _ paths: [String], memoryBytes: UInt64, pids: UInt64
    )
        throws(SystemError)
    {
        func put(_ name: String, _ value: String, required: Bool) throws(SystemError) {
            for path in paths where Files.exists("\(path)/\(name)") {
                return try Files.write("\(path)/\(name)", value)
            }
            if required { throw SystemError("open", name, errno: SystemError.ENOENT) }
        }
        if version == .v2 {
            try put("memory.max", "\(memoryBytes)", required: true)
            try put("memory.swap.max", "0", required: false)
            // One process out of memory ends the whole payload, not a random member of it.
            try put("memory.oom.group", "1", required: false)
        } else {
            try put("memory.limit_in_bytes", "\(memoryBytes)", required: true)
            // Memory plus swap at the same value leaves no swap; a kernel without swap accounting lacks the file.
            try put("memory.memsw.limit_in_bytes", "\(memoryBytes)", required: false)
            try put("memory.swappiness", "0", required: false)
        }
        try put("pids.max", "\(pids)", required: true)
    }

    /// What the kernel now holds for this leaf, by file name.
    package func readBack() -> [String: String] {
        let names =
            version == .v2
            ? ["memory.max", "memory.swap.max", "pids.max"]
            : ["memory.limit_in_bytes", "memory.memsw.limit_in_bytes", "memory.swappiness", "pids.max"]
        var values: [String: String] = [:]
        for name in names {
            for path in paths {
                guard let text = try? Files.text("\(path)/\(name)") else { continue }
                values[name] = text.trimmingNewline
                break
            }
        }
        return values
    }

    package func sample() -> Sample {
        var counters = Counters()
        let oom = Files.reread(oomFile)
        counters.oomKills = Self.field("oom_kill", in: oom) ?? 0
        if let file = pidsEventsFile { counters.processLimitHits = Self.field("max", in: Files.reread(file)) ?? 0 }
        counters.cpuNanoseconds = cpuNanoseconds()
        return Sample(
            counters: counters,
            memoryPeakBytes: memoryPeakFile.flatMap { UInt64(Files.reread($0).trimmingNewline) },
            processesPeak: pidsPeakFile.flatMap { UInt64(Files.reread($0).trimmingNewline) })
    }

    package func cpuNanoseconds() -> UInt64 {
        guard let cpuFile else { return 0 }
        let text = Files.reread(cpuFile)
        if version == .v1 { return UInt64(text.trimmingNewline) ?? 0 }
        return (Self.field("usage_usec", in: text) ?? 0) * 1000
    }

    /// Names of the files that `sample` reads, for results.
    package var memoryMetric: String {
        memoryPeakFile == nil ? "none" : version == .v2 ? "memory.peak" : "memory.max_usage_in_bytes"
    }
    package var cpuMetric: String { cpuFile == nil ? "none" : version == .v2 ? "cpu.stat" : "cpuacct.usage" }

    private static func field(_ name: String, in text: String) -> UInt64? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) && line.dropFirst(name.count).first == " " {
            return UInt64(line.dropFirst(name.count + 1))
        }
        return nil
    }

    /// Pids in the leaf now; empty after a teardown, or the run is not over.
    package func members() -> [Int32] {
        guard let text = try? Files.text(paths[0] + "/cgroup.procs") else { return [] }
        return text.split(separator: "\n").compactMap { Int32($0) }
    }

    /// Only needed when the payload had no pid namespace of its own (control runs).
    package func killMembers() {
        for pid in members() {
            if let pidfd = try? Process.openPIDFD(pid) { Process.signal(pidfd, Process.sigkill) }
        }
    }

    /// Removes the directories; false while something still lives in them.
    @discardableResult
    package func remove() -> Bool {
        var gone = true
        for path in paths {
            do { try Files.removeDirectory(path) } catch { gone = gone && error.errno == SystemError.ENOENT }
        }
        return gone
    }
}

extension String {
    var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
