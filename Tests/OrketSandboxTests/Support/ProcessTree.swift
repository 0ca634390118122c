import OrketSystem

/// Processes of this host, as /proc shows them.
enum ProcessTree {
    static func children(of pid: Int32) -> [Int32] {
        ((try? Files.names(in: "/proc/\(pid)/task")) ?? []).flatMap { task in
            ((try? Files.text("/proc/\(pid)/task/\(task)/children")) ?? "").split(separator: " ").compactMap {
                Int32($0)
            }
        }
    }

    /// Everything that a process forked, directly or not; not itself.
    static func descendants(of pid: Int32) -> [Int32] {
        let direct = children(of: pid)
        return direct + direct.flatMap { descendants(of: $0) }
    }

    /// The living process whose arguments end so; waits for it to come.
    static func find(arguments: [String], below ancestor: Int32) async -> Int32? {
        for _ in 0..<1_000 {
            for pid in descendants(of: ancestor) where commandLine(pid).suffix(arguments.count) == arguments[...] {
                return pid
            }
            try? await Task.sleep(nanoseconds: 10_000_000)
        }
        return nil
    }

    static func commandLine(_ pid: Int32) -> [String] {
        ((try? Files.text("/proc/\(pid)/cmdline")) ?? "").split(separator: "\0").map(String.init)
    }

    /// A number that two processes with one pid never share.
    static func startTime(_ pid: Int32) -> String? {
        guard let stat = try? Files.text("/proc/\(pid)/stat"), let close = stat.lastIndex(of: ")") else { return nil }
        let fields = stat[close...].split(separator: " ")
        return fields.count > 20 ? String(fields[20]) : nil
    }

    /// Pids of living processes (no zombies) for which `isMeant` holds.
    static func all(where isMeant: (Int32) -> Bool) -> [Int32] {
        ((try? Files.names(in: "/proc")) ?? []).compactMap { Int32($0) }.filter { isMeant($0) && isAlive($0) }
    }

    static func isAlive(_ pid: Int32) -> Bool {
        guard let stat = try? Files.text("/proc/\(pid)/stat"), let close = stat.lastIndex(of: ")") else { return false }
        return !["Z", "X"].contains(stat[close...].split(separator: " ").dropFirst().first)
    }
}

/// Cgroups of this host, in every hierarchy that is mounted.
enum CgroupPaths {
    private struct Hierarchy {
        var point: String
        /// v1: its controllers; v2: one empty name.
        var controllers: [String]
    }

    private static var hierarchies: [Hierarchy] {
        ((try? Files.text("/proc/self/mounts")) ?? "").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ").map(String.init)
            guard fields.count > 3, fields[2].hasPrefix("cgroup") else { return nil }
            return Hierarchy(
                point: fields[1],
                controllers: fields[2] == "cgroup2" ? [""] : fields[3].split(separator: ",").map(String.init))
        }
    }

    /// Directory of a process in the hierarchy that has the controller: v1's own, else v2's.
    static func of(_ pid: Int32, controller: String) -> String? {
        let lines = ((try? Files.text("/proc/\(pid)/cgroup")) ?? "").split(separator: "\n")
        for wanted in [controller, ""] {
            for line in lines {
                let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 3,
                    parts[1].split(separator: ",", omittingEmptySubsequences: false).contains(wanted[...])
                else { continue }
                guard let mount = hierarchies.first(where: { $0.controllers.contains(wanted) }) else { continue }
                return mount.point + (parts[2] == "/" ? "" : parts[2])
            }
        }
        return nil
    }

    static func members(_ directory: String) -> [Int32] {
        ((try? Files.text(directory + "/cgroup.procs")) ?? "").split(separator: "\n").compactMap { Int32($0) }
    }

    /// All cgroups beneath one.
    static func below(_ directory: String) -> [String] { find("", in: directory) }

    /// Directories whose name contains `part`, at any depth.
    static func directories(named part: String) -> [String] { hierarchies.flatMap { find(part, in: $0.point) } }

    private static func find(_ part: String, in directory: String) -> [String] {
        ((try? Files.names(in: directory)) ?? []).flatMap { name -> [String] in
            let path = "\(directory)/\(name)"
            guard Files.exists(path + "/cgroup.procs") else { return [] }
            return ((part.isEmpty || name.contains(part)) ? [path] : []) + find(part, in: path)
        }
    }
}
