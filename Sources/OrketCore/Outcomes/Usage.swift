/// What a run consumed, each number with the name of the kernel metric that it came from.
package struct Usage: Sendable, Codable, Hashable {
    /// CLOCK_BOOTTIME from the start message to the end of the process tree.
    package var wallMs: Double
    /// User plus system time of the whole tree.
    package var cpuMs: Double
    /// Where `cpuMs` was read: `cpuacct.usage`, `cpu.stat`, or `wait4` (main process and what it reaped) without a cgroup.
    package var cpuMetric: String
    package var memoryPeakBytes: UInt64
    /// `memory.peak`, `memory.max_usage_in_bytes`, or `maxrss` (largest single process) without a cgroup.
    package var memoryMetric: String
    /// Highest number of processes seen at once; 0 when the kernel keeps no such counter.
    package var processesPeak: UInt64

    package init(
        wallMs: Double = 0, cpuMs: Double = 0, cpuMetric: String = "none", memoryPeakBytes: UInt64 = 0,
        memoryMetric: String = "none", processesPeak: UInt64 = 0
    ) {
        self.wallMs = wallMs
        self.cpuMs = cpuMs
        self.cpuMetric = cpuMetric
        self.memoryPeakBytes = memoryPeakBytes
        self.memoryMetric = memoryMetric
        self.processesPeak = processesPeak
    }

    /// Several sandboxes as one: times are summed, peaks are the highest, the metrics are the first one's.
    package init(adding all: [Usage]) {
        self = all.first ?? Usage()
        for usage in all.dropFirst() {
            wallMs += usage.wallMs
            cpuMs += usage.cpuMs
            memoryPeakBytes = max(memoryPeakBytes, usage.memoryPeakBytes)
            processesPeak = max(processesPeak, usage.processesPeak)
        }
    }
}
