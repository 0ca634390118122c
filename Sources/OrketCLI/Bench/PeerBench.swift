import OrketSystem

/// The command lines of other sandboxes, each with all the namespaces that it offers and no network.
struct PeerBench {
    private let barePath: String
    /// What crun calls a bundle: a private directory with one file.
    private let bundle: BenchPlace

    struct Peer {
        var name: String
        var command: [String]
    }

    /// Makes the bundle; `remove` takes it away.
    init(barePath: String) throws(SystemError) {
        self.barePath = barePath
        bundle = try BenchPlace()
        try Files.create(bundle.path + "/config.json", Array(Self.configuration(barePath).utf8))
    }

    func remove() { bundle.remove() }

    /// Bare first, then Orket, then whatever of the others this host has.
    func installed() -> [Peer] {
        let own = Files.readLink("/proc/self/exe") ?? "orket"
        let bind = "\(barePath):\(Benchmark.insidePath)"
        var peers = [
            Peer(name: "bare", command: [barePath, "-"]),
            Peer(name: "orket run", command: [own, "run", "--bind", bind, "--", Benchmark.insidePath, "-"]),
        ]
        let folders = ["/usr/bin", "/usr/local/bin", "/usr/sbin"]
        for (name, arguments) in candidates {
            guard let path = folders.map({ "\($0)/\(name)" }).first(where: Files.exists) else { continue }
            peers.append(Peer(name: name, command: [path] + arguments))
        }
        return peers
    }

    private var candidates: [(name: String, arguments: [String])] {
        let bwrap = """
            --unshare-all --die-with-parent --new-session --ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib \
            --symlink usr/lib64 /lib64 --proc /proc --dev /dev --tmpfs /tmp --ro-bind \(barePath) /bare /bare -
            """
        return [
            ("bwrap", bwrap.split(separator: " ").map(String.init)),
            ("nsjail", ["-Q", "-Mo", "--chroot", "/", "--user", "65534", "--group", "65534", "--", barePath, "-"]),
            ("isolate", ["--run", "--silent", "--", barePath, "-"]),
            ("crun", ["--cgroup-manager=disabled", "run", "--bundle", bundle.path, "orket-bench"]),
            ("firejail", ["--quiet", "--noprofile", "--net=none", "--private-tmp", "--", barePath, "-"]),
        ]
    }

    private static func configuration(_ barePath: String) -> String {
        """
        {"ociVersion":"1.0.2","process":{"terminal":false,"user":{"uid":0,"gid":0},"args":["\(barePath)","-"],"cwd":"/",
        "env":["PATH=/"],"noNewPrivileges":true,"capabilities":{"bounding":[],"effective":[],"permitted":[],"inheritable":[],
        "ambient":[]}},"root":{"path":"/","readonly":true},"hostname":"orket","mounts":[{"destination":"/proc",
        "type":"proc","source":"proc"}],"linux":{"namespaces":[{"type":"pid"},{"type":"mount"},{"type":"ipc"},
        {"type":"uts"},{"type":"network"},{"type":"cgroup"}]}}

        """
    }
}
