internal import Synchronization

/// The cgroups of one supervisor: a directory of its own under each hierarchy, holding one leaf per live sandbox.
/// The directories are written to the supervisor's record before they are made, so that a reaper finds them.
package final class CgroupTree: Sendable {
    package let version: CgroupLayout.Version
    /// Absolute paths of this tree's own directories, distinct, memory first.
    package let directories: [String]
    private let nextLeaf = Atomic<UInt64>(0)

    /// What the tree for `name` would be called, without making it.
    package static func plannedDirectories(_ layout: CgroupLayout, name: String) -> [String] {
        var seen: Set<String> = []
        let ordered = layout.version == .v2 ? ["unified"] : CgroupLayout.controllers
        return ordered.compactMap { layout.directories[$0] }.filter { seen.insert($0).inserted }.map { "\($0)/\(name)" }
    }

    /// Makes the directories. Throws the kernel's reason when this user may not: the caller then runs without cgroups, and
    /// says so.
    package init(layout: CgroupLayout, name: String) throws(SystemError) {
        version = layout.version
        directories = Self.plannedDirectories(layout, name: name)
        if layout.version == .v2 { try Self.delegate(layout.directories["unified"]!) }
        do {
            for directory in directories { try Files.makeDirectory(directory, mode: 0o755) }
            if layout.version == .v2 {
                try Files.write(directories[0] + "/cgroup.subtree_control", "+memory +pids +cpu")
            }
        } catch {
            for directory in directories { try? Files.removeDirectory(directory) }
            throw error
        }
    }

    /// v2 lets only a cgroup without processes hand controllers down (the root excepted, cgroups(7)): when the own cgroup
    /// holds just this process and what it started, they step aside into a leaf.
    private static func delegate(_ own: String) throws(SystemError) {
        let control = own + "/cgroup.subtree_control"
        let enabled = try Files.text(control).split(whereSeparator: { $0 == " " || $0 == "\n" })
        if enabled.contains("memory"), enabled.contains("pids"), enabled.contains("cpu") { return }
        let isRoot = !Files.exists(own + "/cgroup.type")
        if !isRoot {
            let aside = own + CgroupLayout.aside
            try Files.makeDirectory(aside, mode: 0o755)
            try Files.write(aside + "/cgroup.procs", "0")
            // The jail is on its way already; one that ended meanwhile is no obstacle.
            for pid in members(own) where Process.parent(of: pid) == Process.processID {
                try? Files.write(aside + "/cgroup.procs", "\(pid)")
            }
        }
        try Files.write(control, "+memory +pids +cpu")
    }

    private static func members(_ directory: String) -> [Int32] {
        guard let text = try? Files.text(directory + "/cgroup.procs") else { return [] }
        return text.split(separator: "\n").compactMap { Int32($0) }
    }

    /// A fresh leaf with its limits set.
    package func makeLeaf(memoryBytes: UInt64, pids: UInt64) throws(SystemError) -> CgroupLeaf {
        let number = nextLeaf.add(1, ordering: .relaxed).newValue
        let paths = directories.map { "\($0)/\(number)" }
        return try CgroupLeaf(version: version, paths: paths, memoryBytes: memoryBytes, pids: pids)
    }

    /// Removes every leaf that is empty and then the tree; true when nothing is left.
    @discardableResult
    package func remove() -> Bool { directories.allSatisfy { Self.removeTree($0) } }

    /// Kills what lives beneath a directory of a dead supervisor and removes it. Used by the reaper.
    @discardableResult
    package static func removeTree(_ directory: String) -> Bool {
        guard let names = try? Files.directories(in: directory) else { return !Files.exists(directory) }
        for name in names { removeTree("\(directory)/\(name)") }
        for _ in 0..<200 {
            killAll(directory)
            do {
                try Files.removeDirectory(directory)
                return true
            } catch {
                if error.errno == SystemError.ENOENT { return true }
                if error.errno != SystemError.EBUSY { return false }
                Process.pause(milliseconds: 5)
            }
        }
        return false
    }

    private static func killAll(_ directory: String) {
        for pid in members(directory) where pid > 1 {
            guard let pidfd = try? Process.openPIDFD(pid) else { continue }
            Process.signal(pidfd, Process.sigkill)
        }
    }
}
