internal import OrketCore
internal import OrketSystem

/// What /proc says of the payload while it stands ready: everything is set, nothing of the candidate has run. The bytes
/// are taken per run; parsing waits until somebody asks.
struct Enforcement: Sendable {
    private let process: ProcessEvidence
    private let leaf: CgroupLeaf.ReadBack?
    private let landlockABI: Int32

    private static let host = ProcessEvidence(pid: Process.processID)

    /// Reads /proc/`pid` and the limits of its leaf.
    init(pid: Int32, leaf: CgroupLeaf?, landlockABI: Int32) {
        process = ProcessEvidence(pid: pid)
        self.leaf = leaf?.readBack()
        self.landlockABI = landlockABI
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
        for line in process[.status].split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":"), let key = fields[String(line[..<colon])] else { continue }
            all[key] = line[line.index(after: colon)...].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        for (name, part) in [("uidMap", ProcessEvidence.Part.uidMap), ("gidMap", .gidMap)] {
            all[name] = process[part].split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        for part in ProcessEvidence.Part.namespaces {
            all["ns.\(part)"] = process[part]
            if process[part] == Self.host[part] { all["ns.\(part).shared"] = "true" }
        }
        for (name, value) in leaf?.values ?? [:] { all["cgroup.\(name)"] = value }
        all["landlockABI"] = "\(landlockABI)"
        all["descriptorsBeforeStart"] = process.descriptorCount.map { "\($0)" }
        all.merge(mountFields()) { first, _ in first }
        all.merge(limitFields()) { first, _ in first }
        return all
    }

    /// `mount./usr` -> `ro,nosuid,nodev,relatime`: the flags of each mount that the payload sees.
    private func mountFields() -> [String: String] {
        var all: [String: String] = [:]
        for line in process[.mountinfo].split(separator: "\n") {
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
        for line in process[.limits].split(separator: "\n") {
            for (prefix, name) in names where line.hasPrefix(prefix) {
                let values = line.dropFirst(prefix.count).split(separator: " ").prefix(2)
                all["rlimit.\(name)"] = values.joined(separator: "/")
            }
        }
        return all
    }
}
