internal import Synchronization

/// The cgroups of one supervisor: a directory of its own under each hierarchy, holding one leaf per live sandbox.
/// The directories are written to the supervisor's record before they are made, so that a reaper finds them.
package final class CgroupTree: Sendable {
    package let version: CgroupLayout.Version
    /// Absolute paths of this tree's own directories, distinct, memory first.
    package let directories: [String]
    private let controllers: [(controller: String, path: String)]
    private let nextLeaf = Atomic<UInt64>(0)
    private let spare = Mutex<[LeafSize: [CgroupLeaf]]>([:])
    private static let spareLeaves = 64

    private struct LeafSize: Hashable {
        var memoryBytes: UInt64
        var pids: UInt64
    }

    /// What the tree for `name` would be called, without making it.
    package static func plannedDirectories(_ layout: CgroupLayout, name: String) -> [String] {
        var seen: Set<String> = []
        return order(layout).compactMap { layout.directories[$0] }.filter { seen.insert($0).inserted }.map {
            "\($0)/\(name)"
        }
    }

    private static func order(_ layout: CgroupLayout) -> [String] {
        layout.version == .v2 ? ["unified"] : CgroupLayout.controllers
    }

    /// Makes the directories. Throws the kernel's reason when this user may not: the caller then runs without cgroups, and
    /// says so.
    package init(layout: CgroupLayout, name: String) throws(SystemError) {
        version = layout.version
        directories = Self.plannedDirectories(layout, name: name)
        controllers = Self.order(layout).compactMap { key in
            layout.directories[key].map { (controller: key, path: "\($0)/\(name)") }
        }
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

    /// A leaf with its limits set and all counters at zero: a fresh one, or one whose last sandbox left no trace.
    package func takeLeaf(memoryBytes: UInt64, pids: UInt64) throws(SystemError) -> CgroupLeaf {
        let size = LeafSize(memoryBytes: memoryBytes, pids: pids)
        if let leaf = spare.withLock({ $0[size]?.popLast() }) { return leaf }
        let number = nextLeaf.add(1, ordering: .relaxed).newValue
        let places = controllers.map { (controller: $0.controller, path: "\($0.path)/\(number)") }
        return try CgroupLeaf(version: version, directories: places, memoryBytes: memoryBytes, pids: pids)
    }

    /// Takes a leaf back: it is kept for the next sandbox or removed. False while something still lives in it.
    package func giveBack(_ leaf: CgroupLeaf) -> Bool {
        let size = LeafSize(memoryBytes: leaf.memoryBytes, pids: leaf.pids)
        if leaf.rewind() {
            let isKept = spare.withLock { spare in
                guard spare[size, default: []].count < Self.spareLeaves else { return false }
                spare[size, default: []].append(leaf)
                return true
            }
            if isKept { return true }
        }
        return leaf.remove()
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
