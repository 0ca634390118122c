import Glibc
import OrketSystem
import Testing

/// What one `orket` process has on the host while it runs, and whether all of it is gone afterwards.
struct Traces: Sendable {
    private struct Relative: Sendable, Hashable {
        var pid: Int32
        /// A number may be given to another process; its start time tells them apart.
        var startTime: Substring
    }

    private let relatives: [Relative]
    private let cgroups: [String]

    /// Looks at the descendants and the cgroups of a process that runs.
    init(of pid: Int32) {
        relatives = Self.descendants(of: pid)
        cgroups = Self.cgroups(of: pid)
    }

    var processCount: Int { relatives.count }
    var cgroupCount: Int { cgroups.count }

    /// One line for everything that is still there.
    func remains() -> [String] {
        relatives.filter { Self.stat($0.pid)?.startTime == $0.startTime }.map { "process \($0.pid)" }
            + cgroups.filter(Files.exists).map { "cgroup \($0)" }
    }

    /// Returns when an `orket` has no sandbox any more, only its jail and the warden.
    static func waitForSandboxes(of pid: Int32) async throws {
        while Traces(of: pid).processCount > 2 { try await Task.sleep(for: .milliseconds(5)) }
    }

    private static func descendants(of pid: Int32) -> [Relative] {
        let pids = ((try? Files.names(in: "/proc")) ?? []).compactMap { Int32($0) }
        let all = pids.compactMap { pid in stat(pid).map { (pid, $0) } }
        var found: [Relative] = []
        var parents: Set = [pid]
        while true {
            let next = all.filter { parents.contains($0.1.parent) }
            if next.isEmpty { return found }
            found += next.map { Relative(pid: $0.0, startTime: $0.1.startTime) }
            parents = Set(next.map(\.0))
        }
    }

    private static func stat(_ pid: Int32) -> (parent: Int32, startTime: Substring)? {
        guard let text = try? Files.text("/proc/\(pid)/stat"), let close = text.lastIndex(of: ")") else { return nil }
        let fields = text[text.index(after: close)...].split(separator: " ")
        // Fields 4 and 22 of proc(5); the list starts at field 3.
        guard fields.count > 19, let parent = Int32(fields[1]) else { return nil }
        return (parent, fields[19])
    }

    /// Directories that a supervisor with this pid made, by their names.
    private static func cgroups(of pid: Int32) -> [String] {
        guard let layout = CgroupLayout.ofThisProcess() else { return [] }
        return Set(layout.directories.values).flatMap { directory in
            ((try? Files.names(in: directory)) ?? []).filter { $0.hasPrefix("orket-") && $0.contains("-\(pid)-") }
                .map { "\(directory)/\($0)" }
        }
    }
}
