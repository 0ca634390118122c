import Glibc
import OrketCore
import OrketSystem

/// What the hostile programs try to reach on the host: real, harmless, and gone when the self-test ends.
final class Canaries: Sendable {
    /// Private directory of the self-test; removed by `close`.
    let directory: String
    let token: String
    /// Variables that every program gets.
    let environment: [String: String]

    private let sockets: [Descriptor]
    private let sharedMemoryID: Int32
    private let sharedMemoryFile: String
    /// A variable of this process that nobody is given: a program that finds it has read the caller's environment.
    static let secretName = "ORKET_CALLER_SECRET"

    init() throws(SystemError) {
        // A host control run must be able to reach what it has the right to: the directory is open to its own user only.
        let base = Process.environment("TMPDIR") ?? "/tmp"
        var template = Array("\(base)/orket-selftest-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("mkdtemp", base, errno: errno) }
        directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        token = Self.randomHex(32)
        let folder = directory + "/canary"
        try Files.makeDirectory(folder)
        let file = folder + "/canary.txt"
        try Self.create(file, token + "\n")
        let abstract = "orket-" + Self.randomHex(12)
        let (tcp, port) = try Self.listenTCP()
        let unix = try Self.listenUnix(Array((folder + "/socket").utf8))
        sockets = [tcp, unix, try Self.listenUnix([0] + Array(abstract.utf8))]
        sharedMemoryFile = "/dev/shm/orket-selftest-" + Self.randomHex(8)
        try Self.create(sharedMemoryFile, token)
        let key = Int32.random(in: 0x1000_0000...0x7fff_0000)
        sharedMemoryID = shmget(key, 4096, 0o1666)
        setenv(Self.secretName, "held", 1)
        var environment = [
            "ORKET_CANARY_FILE": file, "ORKET_CANARY_TOKEN": token, "ORKET_CANARY_TCP": String(port),
            "ORKET_CANARY_ABSTRACT": abstract, "ORKET_CANARY_SOCKET": folder + "/socket",
            "ORKET_CANARY_SHM_KEY": String(key), "ORKET_HOST_PID": String(Process.processID),
            "ORKET_HOST_NAME": Self.hostName(),
        ]
        for kind in ["user", "pid", "mnt", "net", "ipc", "uts", "cgroup"] {
            environment["ORKET_HOST_NS_\(kind.uppercased())"] = Files.readLink("/proc/self/ns/\(kind)") ?? "none"
        }
        self.environment = environment
    }

    /// Closes the listeners and removes everything that the self-test made.
    func close() async {
        for socket in sockets { socket.close() }
        if sharedMemoryID >= 0 { shmctl(sharedMemoryID, IPC_RMID, nil) }
        Files.remove(sharedMemoryFile)
        unsetenv(Self.secretName)
        // rm(1) descends by descriptors: a hostile tree may be deeper than a path can name.
        let environment = ["PATH": "/usr/bin:/bin"]
        _ = await HostProcess.run(
            ["rm", "-rf", "--", directory], environment: environment, directory: "/", files: directory,
            timeoutMs: 20_000)
        rmdir(directory)
    }

    private static func randomHex(_ count: Int) -> String {
        String((0..<count).map { _ in "0123456789abcdef".randomElement()! })
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// A new file with `text`; one that exists is an error.
    static func create(_ path: String, _ text: String) throws(SystemError) { try create(path, bytes: Array(text.utf8)) }

    /// A new file with `bytes`; one that exists is an error.
    static func create(_ path: String, bytes: [UInt8], mode: UInt32 = 0o644) throws(SystemError) {
        let raw = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        if raw < 0 { throw SystemError("open", path, errno: errno) }
        try Descriptor(owning: raw).writeAll(bytes)
    }

    private static let streamKind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)

    /// Connections wait in the queue, nobody accepts them: being connected is all that a probe wants to see.
    private static func listenTCP() throws(SystemError) -> (Descriptor, UInt16) {
        let raw = socket(AF_INET, streamKind, 0)
        if raw < 0 { throw SystemError("socket", "AF_INET", errno: errno) }
        let descriptor = Descriptor(owning: raw)
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let result = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(raw, generic, size) < 0 || listen(raw, 128) < 0 ? -1 : getsockname(raw, generic, &size)
            }
        }
        if result < 0 { throw SystemError("listen", "127.0.0.1", errno: errno) }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    /// `path` as the kernel takes it: one that begins with NUL is abstract.
    private static func listenUnix(_ path: [UInt8]) throws(SystemError) -> Descriptor {
        let raw = socket(AF_UNIX, streamKind, 0)
        if raw < 0 { throw SystemError("socket", "AF_UNIX", errno: errno) }
        let descriptor = Descriptor(owning: raw)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
        guard path.count <= capacity else {
            throw SystemError("bind", "a path of \(path.count) bytes", errno: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
        let size = socklen_t(MemoryLayout<sa_family_t>.size + path.count + (path.first == 0 ? 0 : 1))
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(raw, $0, size) < 0 ? -1 : listen(raw, 128)
            }
        }
        if result < 0 { throw SystemError("listen", "unix socket", errno: errno) }
        return descriptor
    }
}
