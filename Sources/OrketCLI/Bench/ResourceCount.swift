import OrketSandbox
import OrketSystem

/// Everything that a run could leak, counted. What is kept for use again, within a bound, is counted apart: the network
/// namespaces of a warden and the open files of cgroup leaves.
struct ResourceCount: Sendable, Hashable {
    var residentBytes: UInt64
    /// Of the supervisor, without those of `leafDescriptors`.
    var descriptors: Int
    /// Open files in the supervisor's cgroups: a fixed number for each leaf that is in use or kept.
    var leafDescriptors: Int
    /// Of the broker and the warden, without those that hold a namespace.
    var jailDescriptors: Int
    /// Network namespaces that the warden holds by a descriptor, its own included.
    var keptNamespaces: Int
    /// Different namespaces in which the jail and what it forked live.
    var namespaces: Int
    var processes: Int
    var zombies: Int
    var cgroups: Int
    var mounts: Int

    /// Counts for this process and its jail.
    init(_ supervisor: Supervisor) {
        let family = Process.tree(supervisor.jailPID)
        residentBytes = Process.proportionalBytes(Process.processID, withTree: supervisor.jailPID)
        let own = Self.links("/proc/self/fd")
        leafDescriptors = own.count { link in supervisor.cgroupDirectories.contains { link.hasPrefix($0 + "/") } }
        descriptors = own.count - leafDescriptors
        let jail = family.prefix(2).flatMap { Self.links("/proc/\($0)/fd") }
        keptNamespaces = jail.count { $0.hasPrefix("net:[") }
        jailDescriptors = jail.count - keptNamespaces
        namespaces = Set(family.flatMap { Self.links("/proc/\($0)/ns") }).count
        processes = family.count
        zombies = family.count { ((try? Files.text("/proc/\($0)/status")) ?? "").contains("\nState:\tZ") }
        cgroups = supervisor.cgroupDirectories.map { Self.entries($0) }.reduce(0, +)
        let warden = family.dropFirst().first ?? supervisor.jailPID
        mounts = ((try? Files.text("/proc/\(warden)/mountinfo")) ?? "").split(separator: "\n").count
    }

    /// The count once two looks in a row agree on everything but memory: what still dies is no leak.
    static func settled(_ supervisor: Supervisor) async -> ResourceCount {
        var last = ResourceCount(supervisor)
        for _ in 0..<50 {
            try? await Task.sleep(nanoseconds: 100_000_000)
            let next = ResourceCount(supervisor)
            var comparable = next
            comparable.residentBytes = last.residentBytes
            if comparable == last { return next }
            last = next
        }
        return last
    }

    private static func entries(_ path: String) -> Int { (try? Files.names(in: path).count) ?? 0 }

    /// Where the links of a directory lead; one that is gone by the time it is read is left out.
    private static func links(_ directory: String) -> [String] {
        ((try? Files.names(in: directory)) ?? []).compactMap { Files.readLink("\(directory)/\($0)") }
    }

    /// Bytes of kernel objects on the whole machine.
    static func slabBytes() -> UInt64? {
        let text = (try? Files.text("/proc/meminfo")) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("Slab:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { UInt64($0) }.map { $0 * 1024 }
    }
}
