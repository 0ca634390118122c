/// Where this process may look for, and make, cgroups: parsed from /proc/self/cgroup and /proc/self/mountinfo. Pure.
package struct CgroupLayout: Sendable, Hashable {
    package enum Version: Int, Sendable { case v1 = 1, v2 = 2 }

    package let version: Version
    /// v1: one directory per controller that Orket uses. v2: the one directory under the key `unified`.
    package let directories: [String: String]

    /// On v1 nothing is asked of the `cpu` controller: what a tree has burnt is what `cpuacct` counts.
    package static let controllers = ["memory", "pids", "cpuacct"]

    /// v2: where, beneath its own cgroup, a supervisor goes so that the cgroup may hand its controllers down.
    static let aside = "/orket-supervisor"

    /// nil when neither version offers a memory controller: then no limit can be had from cgroups.
    ///
    /// A hybrid host mounts both; the version whose hierarchy holds the memory controller wins, since a controller lives
    /// in one hierarchy only (cgroups(7)).
    package init?(selfCgroup: String, mountinfo: String, unifiedControllers: String) {
        let own = Self.parseOwn(selfCgroup)
        let mounts = Self.parseMounts(mountinfo)
        if unifiedControllers.split(separator: " ").contains("memory"), let path = own[""],
            let mount = mounts.first(where: { $0.type == "cgroup2" })
        {
            version = .v2
            // A supervisor that stepped aside, and whatever it started, still works in the cgroup that was given to it.
            let place = Self.join(mount, path)
            directories = ["unified": place.hasSuffix(Self.aside) ? String(place.dropLast(Self.aside.count)) : place]
            return
        }
        var found: [String: String] = [:]
        for controller in Self.controllers {
            guard let path = own[controller],
                let mount = mounts.first(where: { $0.type == "cgroup" && $0.options.contains(controller) })
            else { continue }
            found[controller] = Self.join(mount, path)
        }
        guard found["memory"] != nil else { return nil }
        version = .v1
        directories = found
    }

    /// The host's real layout, or nil.
    package static func ofThisProcess() -> CgroupLayout? {
        guard let own = try? Files.text("/proc/self/cgroup"), let mounts = try? Files.text("/proc/self/mountinfo")
        else {
            return nil
        }
        let unified = parseMounts(mounts).first { $0.type == "cgroup2" }
        let path = unified.flatMap { mount in parseOwn(own)[""].map { join(mount, $0) } }
        let controllers = path.flatMap { try? Files.text($0 + "/cgroup.controllers") } ?? ""
        return CgroupLayout(
            selfCgroup: own, mountinfo: mounts, unifiedControllers: controllers.replacing("\n", with: ""))
    }

    private struct Mount {
        var root: String
        var point: String
        var type: String
        var options: [String]
    }

    /// `hierarchy:controllers:path` lines; the v2 entry has an empty controller list.
    private static func parseOwn(_ text: String) -> [String: String] {
        var own: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            for controller in parts[1].split(separator: ",", omittingEmptySubsequences: false) {
                own[String(controller)] = String(parts[2])
            }
        }
        return own
    }

    private static func parseMounts(_ text: String) -> [Mount] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else { return nil }
            guard fields[dash + 1].hasPrefix("cgroup") else { return nil }
            return Mount(
                root: String(fields[3]), point: String(fields[4]), type: String(fields[dash + 1]),
                options: fields[dash + 3].split(separator: ",").map(String.init))
        }
    }

    /// A container may see only a part of the hierarchy: the mount's root is cut off the path.
    private static func join(_ mount: Mount, _ path: String) -> String {
        var rest = path[...]
        if mount.root != "/", rest.hasPrefix(mount.root) { rest = rest.dropFirst(mount.root.count) }
        return rest == "/" || rest.isEmpty ? mount.point : mount.point + rest
    }
}

extension String {
    var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
