import OrketCore
import OrketReports

/// What `orket bench` found: one table a stage, and the same as JSON.
struct BenchReport: Sendable {
    var policy: String
    var machine: Machine
    var latency: [Benchmark.Series] = []
    var idle: [Benchmark.Series] = []
    var throughput: [Benchmark.Throughput] = []
    var peers: [Benchmark.Series] = []
    var memory: Benchmark.Memory?
    var growth: Benchmark.Growth?

    init(policy: String, machine: Machine) {
        self.policy = policy
        self.machine = machine
    }

    // MARK: - For people

    /// Tables with ratios to the bare program.
    var text: String {
        var text = "policy \(policy); \(machine.processors) x \(machine.processorModel), Linux \(machine.kernel)\n"
        text += Self.section("Latency, interleaved (ms)", latency)
        text += Self.section("After 200 ms of idle (ms)", idle)
        text += throughputText
        text += Self.section("Whole commands, interleaved (ms)", peers)
        if let memory {
            text += "\nMemory (proportional set size)\n"
            text += "  supervisor and jail, idle      \(Self.megabytes(Double(memory.idleBytes))) MiB\n"
            text += "  each of \(memory.pooled) pooled sandboxes    \(Self.megabytes(memory.bytesPerPooled)) MiB"
            text += memory.slabBytesPerPooled.map { " + \(Self.megabytes($0)) MiB of kernel memory\n" } ?? "\n"
        }
        return text + growthText
    }

    private static func section(_ title: String, _ series: [Benchmark.Series]) -> String {
        guard let first = series.first else { return "" }
        let reference = Statistics(first.milliseconds)
        var table = TextTable(
            ["", "runs", "min", "p50", "p90", "p99", "max", "p50 ratio", "p99 ratio", "CPU"],
            rightAligned: Set(1...9))
        for one in series {
            let figures = Statistics(one.milliseconds)
            table.add([
                one.name, String(figures.count), fixed(figures.min), fixed(figures.p50), fixed(figures.p90),
                fixed(figures.p99), fixed(figures.max), fixed(figures.p50 / reference.p50, 2),
                fixed(figures.p99 / reference.p99, 2), one.cpuMs.map { fixed($0) } ?? "-",
            ])
        }
        return "\n\(title)\n" + table.text
    }

    private var throughputText: String {
        if throughput.isEmpty { return "" }
        var table = TextTable(
            [
                "parallel", "bare runs/s", "sandbox runs/s", "ratio", "bare CPU ms", "sandbox CPU ms",
                "of it supervisor",
                "ratio",
            ], rightAligned: Set(0...7))
        for one in throughput {
            let (bare, ours) = (Statistics(one.bareRunsPerSecond).p50, Statistics(one.runsPerSecond).p50)
            let (bareCPU, cpu) = (Statistics(one.bareCPUMsPerRun).p50, Statistics(one.cpuMsPerRun).p50)
            table.add([
                String(one.parallel), Self.fixed(bare, 0), Self.fixed(ours, 0), Self.fixed(ours / bare, 3),
                Self.fixed(bareCPU), Self.fixed(cpu), Self.fixed(Statistics(one.supervisorCPUMsPerRun).p50),
                Self.fixed(cpu / bareCPU, 2),
            ])
        }
        return "\nThroughput, preparation included (medians of windows that alternate)\n" + table.text
    }

    private var growthText: String {
        guard let growth else { return "" }
        var table = TextTable(["after \(growth.runs) runs", "before", "after"], rightAligned: [1, 2])
        for (name, before, after) in growth.rows { table.add([name, before, after]) }
        return "\nGrowth\n" + table.text
    }

    /// `value` with so many digits behind the point.
    static func fixed(_ value: Double, _ digits: Int = 3) -> String {
        guard value.isFinite else { return "-" }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let rounded = Int((value * Double(scale)).rounded())
        let whole = "\(rounded < 0 ? "-" : "")\(abs(rounded) / scale)"
        if digits == 0 { return whole }
        let rest = String(abs(rounded) % scale)
        return whole + "." + String(repeating: "0", count: digits - rest.count) + rest
    }

    private static func megabytes(_ bytes: Double) -> String { fixed(bytes / 1_048_576, 2) }
}

extension Benchmark.Growth {
    /// Name, before, after.
    var rows: [(String, String, String)] {
        func row(_ name: String, _ path: KeyPath<ResourceCount, Int>) -> (String, String, String) {
            (name, String(before[keyPath: path]), String(after[keyPath: path]))
        }
        let bytes = ("memory (KiB)", String(before.residentBytes >> 10), String(after.residentBytes >> 10))
        return [
            bytes, row("descriptors", \.descriptors), row("descriptors of the jail", \.jailDescriptors),
            row("namespaces", \.namespaces), row("processes", \.processes), row("zombies", \.zombies),
            row("mounts", \.mounts), row("kept: network namespaces (at most 65)", \.keptNamespaces),
            row("kept: files of cgroup leaves", \.leafDescriptors), row("kept: cgroup entries", \.cgroups),
        ]
    }
}
