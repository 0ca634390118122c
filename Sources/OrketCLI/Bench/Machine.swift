import OrketSystem

/// What the figures were taken on.
struct Machine: Sendable {
    var processors: Int
    var processorModel: String
    var kernel: String

    /// This host.
    static var current: Machine {
        let cpuinfo = ((try? Files.text("/proc/cpuinfo")) ?? "").split(separator: "\n")
        let model = cpuinfo.first { $0.hasPrefix("model name") }?.split(separator: ":", maxSplits: 1).last
        return Machine(
            processors: Process.processorCount,
            processorModel: model.map { String($0.drop { $0 == " " }) } ?? "unknown",
            kernel: ((try? Files.text("/proc/sys/kernel/osrelease")) ?? "unknown").filter { $0 != "\n" })
    }
}
