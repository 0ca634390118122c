internal import OrketSystem

/// What this supervisor may leave behind when it is killed, written down before any of it exists. The file is locked for
/// the supervisor's whole life; a record whose lock is free belongs to a dead one, and the reaper removes what it names.
///
/// Format: the supervisor's name, then one absolute cgroup directory a line. Processes, mounts and namespaces need no line: they end with the jail,
/// and the jail ends with its supervisor.
final class InstanceRecord: Sendable {
    /// 0...511; also chooses the block of host uids that this supervisor's sandboxes use.
    let number: Int
    let name: String
    private let path: String
    private let lock: Descriptor

    static let maximum = 512
    /// First host uid of block 0: far above what distributions hand out, below the 2^31 that some file systems stop at.
    static let firstUID: UInt32 = 0x6f00_0000
    static let uidsPerBlock: UInt32 = 4096

    var uidBase: UInt32 { Self.firstUID + UInt32(number) * Self.uidsPerBlock }

    /// Takes the first free number; what a dead supervisor left under it is removed on the way.
    init(directory: StateDirectory) throws(SandboxError) {
        for candidate in 0..<Self.maximum {
            let path = "\(directory.path)/\(candidate)"
            guard let file = try Self.open(path, directory) else { continue }
            Self.reap(file)
            number = candidate
            self.path = path
            lock = file
            name = "orket-\(candidate)-\(Process.processID)-\(BootClock.now % 1_000_000_007)"
            try Self.write([], name: name, to: file)
            return
        }
        throw SandboxError(.system, "\(directory.path): all \(Self.maximum) supervisor records are in use")
    }

    private static func open(_ path: String, _ directory: StateDirectory) throws(SandboxError) -> Descriptor? {
        do { return try directory.lockedFile(path) } catch {
            throw SandboxError(
                .system, "the record of this supervisor cannot be made: \(error)",
                hint: "make room on its disk, or set ORKET_STATE_DIR to another")
        }
    }

    /// Must return before the first of these directories is made.
    func record(cgroups: [String]) throws(SandboxError) { try Self.write(cgroups, name: name, to: lock) }

    private static func write(_ cgroups: [String], name: String, to file: Descriptor) throws(SandboxError) {
        do { try StateDirectory.replace(file, with: ([name] + cgroups).map { $0 + "\n" }.joined()) } catch {
            throw SandboxError(
                .system, "the record of this supervisor cannot be written: \(error)",
                hint: "make room on its disk, or set ORKET_STATE_DIR to another")
        }
    }

    /// Everything is gone: the record with it.
    func close() {
        Files.remove(path)
        lock.close()
    }

    private static func reap(_ file: Descriptor) {
        for line in StateDirectory.contents(file).split(separator: "\n") where line.hasPrefix("/sys/fs/cgroup/") {
            CgroupTree.removeTree(String(line))
        }
    }

    /// Removes what dead supervisors left; the number of records that were found dead.
    @discardableResult
    static func reapAll(_ directory: StateDirectory) -> Int {
        var count = 0
        for name in (try? Files.names(in: directory.path)) ?? [] where Int(name) != nil {
            let path = "\(directory.path)/\(name)"
            guard let file = try? directory.lockedFile(path) else { continue }
            reap(file)
            Files.remove(path)
            file.close()
            count += 1
        }
        return count
    }
}
