internal import OrketCore
internal import OrketSystem

/// What /proc says of the payload while it stands ready: everything is set, nothing of the candidate has run. The bytes
/// are taken per run; parsing waits until somebody asks.
struct Enforcement: Sendable {
    private let status: [UInt8]
    private let maps: [[UInt8]]
    private let mounts: [UInt8]
    private let limits: [UInt8]
    private let namespaces: [String: String]
    private let descriptors: [String]
    private let leaf: [String: String]
    private let landlockABI: Int32

    static let namespaceNames = ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"]
    private static let hostNamespaces: [String: String] = readNamespaces("/proc/self")

    /// Reads /proc/`pid`. A file that cannot be read stays empty, which no required value matches.
    init(pid: Int32, leaf: CgroupLeaf?, landlockABI: Int32) {
        let base = "/proc/\(pid)"
        func read(_ name: String) -> [UInt8] { (try? Files.read("\(base)/\(name)")) ?? [] }
        status = read("status")
        maps = [read("uid_map"), read("gid_map")]
        mounts = read("mountinfo")
        limits = read("limits")
        namespaces = Self.readNamespaces(base)
        descriptors = (try? Files.names(in: "\(base)/fd")) ?? []
        self.leaf = leaf?.readBack() ?? [:]
        self.landlockABI = landlockABI
    }

    private static func readNamespaces(_ base: String) -> [String: String] {
        var found: [String: String] = [:]
        for name in namespaceNames { found[name] = Files.readLink("\(base)/ns/\(name)") }
        return found
    }

    /// Field names as a result shows them.
    func mechanisms() -> [String: String] {
        var all: [String: String] = [:]
        let fields = [
            "NoNewPrivs": "noNewPrivs", "Seccomp": "seccompMode", "Seccomp_filters": "seccompFilters",
            "CapInh": "capInh",
            "CapPrm": "capPrm", "CapEff": "capEff", "CapBnd": "capBnd", "CapAmb": "capAmb", "Uid": "uid", "Gid": "gid",
            "Groups": "groups",
        ]
        for line in String(decoding: status, as: UTF8.self).split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), let key = fields[String(line[..<colon])] else { continue }
            all[key] = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        for (name, bytes) in zip(["uidMap", "gidMap"], maps) {
            all[name] = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(
                separator: " ")
        }
        for (name, link) in namespaces {
            all["ns.\(name)"] = link
            if link == Self.hostNamespaces[name] { all["ns.\(name).shared"] = "true" }
        }
        for (name, value) in leaf { all["cgroup.\(name)"] = value }
        all["landlockABI"] = "\(landlockABI)"
        all["descriptorsBeforeStart"] = "\(descriptors.count)"
        all.merge(mountFields()) { first, _ in first }
        all.merge(limitFields()) { first, _ in first }
        return all
    }

    /// `mount./usr` -> `ro,nosuid,nodev,relatime`: the flags of each mount that the payload sees.
    private func mountFields() -> [String: String] {
        var all: [String: String] = [:]
        for line in String(decoding: mounts, as: UTF8.self).split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count > 6 { all["mount.\(fields[4])"] = String(fields[5]) }
        }
        return all
    }

    private func limitFields() -> [String: String] {
        var all: [String: String] = [:]
        let names = [
            "Max cpu time": "cpu", "Max file size": "fsize", "Max stack size": "stack", "Max core file size": "core",
            "Max processes": "nproc", "Max open files": "nofile", "Max locked memory": "memlock",
            "Max pending signals": "sigpending", "Max msgqueue size": "msgqueue", "Max nice priority": "nice",
            "Max realtime priority": "rtprio",
        ]
        for line in String(decoding: limits, as: UTF8.self).split(separator: "\n") {
            for (prefix, name) in names where line.hasPrefix(prefix) {
                let values = line.dropFirst(prefix.count).split(separator: " ").prefix(2)
                all["rlimit.\(name)"] = values.joined(separator: "/")
            }
        }
        return all
    }
}
