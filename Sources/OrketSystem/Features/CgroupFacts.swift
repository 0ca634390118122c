internal import Glibc

/// What cgroups offer this process where it stands now.
package struct CgroupFacts: Sendable, Hashable {
    /// How the host mounts its hierarchies.
    package enum Mode: String, Sendable { case none, v1, v2, hybrid }

    /// One directory in which Orket would make its own, and what stands in the way.
    package struct Place: Sendable, Hashable {
        /// The controllers of this hierarchy that Orket uses.
        package var controllers: [String]
        package var path: String
        /// nil when a child was made and removed again, else the kernel's reason.
        package var obstacle: String?
        /// The directory lies on a read-only mount, as in most containers.
        package var isReadOnly: Bool

        package init(controllers: [String], path: String, obstacle: String? = nil, isReadOnly: Bool = false) {
            self.controllers = controllers
            self.path = path
            self.obstacle = obstacle
            self.isReadOnly = isReadOnly
        }
    }

    package var mode: Mode
    /// The limits come from the v2 hierarchy.
    package var usesUnified: Bool
    package var places: [Place]
    /// v2 only: other processes in this process's cgroup. They keep it from handing controllers to children.
    package var neighbours: Int
    /// False when the kernel does not count swap, so that a memory limit would leave swap free; nil when unknown.
    package var countsSwap: Bool?
    /// The host has a swap device in use.
    package var hasSwap: Bool

    package init(
        mode: Mode, usesUnified: Bool? = nil, places: [Place] = [], neighbours: Int = 0, countsSwap: Bool? = nil,
        hasSwap: Bool = false
    ) {
        self.mode = mode
        self.usesUnified = usesUnified ?? (mode == .v2)
        self.places = places
        self.neighbours = neighbours
        self.countsSwap = countsSwap
        self.hasSwap = hasSwap
    }

    /// The mode that a mount table shows.
    package static func mode(_ table: MountTable) -> Mode {
        let hasUnified = table.mounts.contains { $0.type == "cgroup2" }
        let hasControllers = table.mounts.contains { mount in
            mount.type == "cgroup" && !mount.options.contains { $0.hasPrefix("name=") }
        }
        return hasControllers ? (hasUnified ? .hybrid : .v1) : (hasUnified ? .v2 : .none)
    }

    /// True when /proc/swaps names a device: its first line is a heading.
    package static func hasSwap(_ swaps: String) -> Bool {
        swaps.split(separator: "\n").count > 1
    }

    /// Looks, and tries: makes and removes one child directory in each place.
    package static func probe(_ table: MountTable) -> CgroupFacts {
        var facts = CgroupFacts(mode: mode(table), hasSwap: hasSwap((try? Files.text("/proc/swaps")) ?? ""))
        guard let layout = CgroupLayout.ofThisProcess() else { return facts }
        facts.usesUnified = layout.version == .v2
        var controllersByPath: [String: [String]] = [:]
        for (key, path) in layout.directories {
            controllersByPath[path, default: []] += layout.version == .v2 ? unifiedControllers(path) : [key]
        }
        for (path, controllers) in controllersByPath.sorted(by: { $0.key < $1.key }) {
            let mount = table.mounts.last { path == $0.point || path.hasPrefix($0.point + "/") }
            facts.places.append(
                Place(
                    controllers: controllers.sorted(), path: path, obstacle: obstacle(in: path, layout.version),
                    isReadOnly: mount?.options.contains("ro") ?? false))
        }
        let memory = facts.places.first { $0.controllers.contains("memory") }?.path ?? ""
        if layout.version == .v2 {
            let isRoot = !Files.exists(memory + "/cgroup.type")
            facts.neighbours = isRoot || handsDownAll(memory) ? 0 : neighbours(memory)
            facts.countsSwap = isRoot ? nil : Files.exists(memory + "/memory.swap.max")
        } else {
            facts.countsSwap = Files.exists(memory + "/memory.memsw.limit_in_bytes")
        }
        return facts
    }

    private static func words(_ path: String) -> [String] {
        (ControlFile.word(path) ?? "").split(separator: " ").map(String.init)
    }

    private static func unifiedControllers(_ path: String) -> [String] {
        words(path + "/cgroup.controllers").filter { ["memory", "pids", "cpu"].contains($0) }
    }

    private static func handsDownAll(_ path: String) -> Bool {
        Set(words(path + "/cgroup.subtree_control")).isSuperset(of: ["memory", "pids", "cpu"])
    }

    private static func neighbours(_ path: String) -> Int {
        let pids = (try? Files.text(path + "/cgroup.procs")) ?? ""
        return pids.split(separator: "\n").filter { $0 != "\(Process.processID)" }.count
    }

    /// A child that can be made may still be useless: processes enter it through the parent's `cgroup.procs`, and on v2
    /// controllers reach it through `cgroup.subtree_control`.
    private static func obstacle(in path: String, _ version: CgroupLayout.Version) -> String? {
        let child = "\(path)/orket-doctor-\(Process.processID)"
        do {
            try Files.makeDirectory(child, mode: 0o755)
            try Files.removeDirectory(child)
        } catch { return "\(error)" }
        let controls = version == .v2 ? ["cgroup.procs", "cgroup.subtree_control"] : ["cgroup.procs"]
        for name in controls where access("\(path)/\(name)", W_OK) != 0 {
            return "write \(path)/\(name): \(SystemError.text(errno))"
        }
        return nil
    }
}
