internal import Synchronization

/// The cgroup of one sandbox's payload and its descendants. The supervisor and pid 1 are never inside: neither the OOM
/// killer nor the process limit can take them.
///
/// Every file is opened once, when the leaf is made. Where the kernel lets its counters start anew (v1) a leaf serves one
/// sandbox after the other, since making and removing one costs more than all else that a supervisor does for a run;
/// `rewind` tells when it may.
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

    private let limits: [CgroupFile]
    private let processes: CgroupFile
    private let oom: CgroupFile
    private let memoryPeak: CgroupFile?
    private let memoryNow: CgroupFile?
    private let cpu: CgroupFile?
    private let pidsEvents: CgroupFile?
    private let pidsPeak: CgroupFile?
    private let state = Mutex(State())

    private struct State {
        /// Where the CPU counter stood when the present run's life began.
        var cpuBase: UInt64 = 0
        var lastSample: Sample?
    }

    package struct Counters: Sendable, Hashable {
        package var oomKills: UInt64 = 0
        package var processLimitHits: UInt64 = 0
        package var cpuNanoseconds: UInt64 = 0
    }

    /// Usage since the leaf was made or rewound. A peak of nil means that the kernel keeps none.
    package struct Sample: Sendable {
        package var counters: Counters
        package var memoryPeakBytes: UInt64?
        package var processesPeak: UInt64?
    }

    /// Limits as the kernel holds them, by file name.
    package struct ReadBack: Sendable {
        package let values: [String: String]
    }

    /// `directories` maps each controller to the new leaf's directory; on v2 all to the same one.
    init(
        version: CgroupLayout.Version, directories: [(controller: String, path: String)], memoryBytes: UInt64,
        pids: UInt64
    ) throws(SystemError) {
        self.version = version
        self.memoryBytes = memoryBytes
        self.pids = pids
        var distinct: [String] = []
        for entry in directories where !distinct.contains(entry.path) { distinct.append(entry.path) }
        paths = distinct
        func path(_ controller: String) throws(SystemError) -> String {
            if version == .v2 { return directories[0].path }
            guard let found = directories.first(where: { $0.controller == controller }) else {
                throw SystemError("cgroup", "no \(controller) controller", errno: SystemError.ENOENT)
            }
            return found.path
        }
        do {
            for path in paths { try Files.makeDirectory(path, mode: 0o755) }
            let (memory, tasks) = (try path("memory"), try path("pids"))
            limits = try Self.setLimits(version, memory: memory, tasks: tasks, memoryBytes: memoryBytes, pids: pids)
            let isV2 = version == .v2
            oom = try CgroupFile(memory, isV2 ? "memory.events" : "memory.oom_control")
            memoryPeak = try? CgroupFile(memory, isV2 ? "memory.peak" : "memory.max_usage_in_bytes", writing: !isV2)
            memoryNow = isV2 ? nil : try? CgroupFile(memory, "memory.usage_in_bytes")
            pidsEvents = try? CgroupFile(tasks, "pids.events")
            pidsPeak = try? CgroupFile(tasks, "pids.peak")
            cpu = (try? path("cpuacct")).flatMap { try? CgroupFile($0, isV2 ? "cpu.stat" : "cpuacct.usage") }
            var opened: [Descriptor] = []
            for path in paths {
                opened.append(
                    isV2
                        ? try Files.open(path, directoryOnly: true)
                        : try Files.open(path + "/tasks", writing: true))
            }
            entrances = opened
            processes = try CgroupFile(memory, "cgroup.procs")
        } catch {
            for path in paths { try? Files.removeDirectory(path) }
            throw error
        }
    }

    private static func setLimits(
        _ version: CgroupLayout.Version, memory: String, tasks: String, memoryBytes: UInt64, pids: UInt64
    ) throws(SystemError) -> [CgroupFile] {
        var files: [CgroupFile] = []
        func put(_ path: String, _ name: String, _ value: String, required: Bool) throws(SystemError) {
            do {
                let file = try CgroupFile(path, name, writing: true)
                try file.write(value)
                files.append(file)
            } catch { if required || error.errno != SystemError.ENOENT { throw error } }
        }
        if version == .v2 {
            try put(memory, "memory.max", "\(memoryBytes)", required: true)
            try put(memory, "memory.swap.max", "0", required: false)
            // One process out of memory ends the whole payload, not a random member of it.
            try put(memory, "memory.oom.group", "1", required: false)
        } else {
            try put(memory, "memory.limit_in_bytes", "\(memoryBytes)", required: true)
            // Memory plus swap at the same value leaves no swap; a kernel without swap accounting lacks the file.
            try put(memory, "memory.memsw.limit_in_bytes", "\(memoryBytes)", required: false)
            try put(memory, "memory.swappiness", "0", required: false)
        }
        try put(tasks, "pids.max", "\(pids)", required: true)
        return files
    }

    /// What the kernel now holds for this leaf.
    package func readBack() -> ReadBack {
        ReadBack(values: Dictionary(uniqueKeysWithValues: limits.map { ($0.name, $0.text) }))
    }

    /// Reads all counters.
    package func sample() -> Sample {
        let counters = Counters(
            oomKills: oomKills(), processLimitHits: pidsEvents?.field("max") ?? 0,
            cpuNanoseconds: cpuNanoseconds())
        let sample = Sample(
            counters: counters, memoryPeakBytes: memoryPeak?.number, processesPeak: pidsPeak?.number)
        state.withLock { $0.lastSample = sample }
        return sample
    }

    /// Processes that the out-of-memory killer has taken from the leaf.
    package func oomKills() -> UInt64 { oom.field("oom_kill") ?? 0 }

    /// CPU time of the whole tree in this run.
    package func cpuNanoseconds() -> UInt64 {
        let total = rawCPU()
        let base = state.withLock { $0.cpuBase }
        return total > base ? total - base : 0
    }

    private func rawCPU() -> UInt64 {
        guard let cpu else { return 0 }
        return version == .v1 ? cpu.number ?? 0 : (cpu.field("usage_usec") ?? 0) * 1000
    }

    /// Names of the files that `sample` reads, for results.
    package var memoryMetric: String { memoryPeak?.name ?? "none" }
    package var cpuMetric: String { cpu?.name ?? "none" }

    /// Pids in the leaf now; empty after a teardown, or the run is not over.
    package func members() -> [Int32] { processes.text.split(separator: "\n").compactMap { Int32($0) } }

    /// Only needed when the payload had no pid namespace of its own (control runs).
    package func killMembers() {
        for pid in members() {
            if let pidfd = try? Process.openPIDFD(pid) { Process.signal(pidfd, Process.sigkill) }
        }
    }

    /// A leaf whose last user left more than this charged to it is not used again: page cache and kernel objects stay
    /// charged to the cgroup that caused them.
    private static let residue: UInt64 = 1 << 20

    /// Makes the leaf as good as new for the next sandbox; false when that cannot be had, and then it must be removed.
    ///
    /// It can on v1 alone, when nothing lives in it, no limit was hit, little memory is still charged, and it never held
    /// more than one process: the peak of processes is a counter that the kernel does not reset.
    func rewind() -> Bool {
        guard version == .v1, let memoryPeak, let memoryNow, members().isEmpty else { return false }
        let sample = state.withLock { $0.lastSample } ?? sample()
        guard sample.counters.oomKills == 0, sample.counters.processLimitHits == 0, (sample.processesPeak ?? 2) <= 1,
            (memoryNow.number ?? .max) <= Self.residue, (try? memoryPeak.write("0")) != nil
        else { return false }
        let cpu = rawCPU()
        state.withLock { $0 = State(cpuBase: cpu) }
        return true
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
