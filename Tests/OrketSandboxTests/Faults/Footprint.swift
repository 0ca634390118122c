import OrketSystem

@testable import OrketSandbox

/// Everything on this host that belongs to one supervisor of this process, and whether it is gone.
struct Footprint: Sendable {
    private let name: String
    private let recordPath: String
    private let jail: Int32
    /// Pid and start time of every process of the jail that was ever seen.
    private var processes: [Int32: String] = [:]

    init(of supervisor: Supervisor) throws {
        name = supervisor.record.name
        jail = supervisor.jailPID
        recordPath = "\(try StateDirectory().path)/\(supervisor.record.number)"
        look()
    }

    /// Remembers what lives now.
    mutating func look() {
        for pid in [jail] + ProcessTree.descendants(of: jail) { processes[pid] = ProcessTree.startTime(pid) }
    }

    /// Sandboxes alive: what the wardens, the broker's children, have forked. Their cgroups beside them.
    func sandboxes() -> [String] {
        let wardens = ProcessTree.children(of: jail)
        let inits = wardens.flatMap { ProcessTree.descendants(of: $0) }.filter(ProcessTree.isAlive).map {
            "process \($0)"
        }
        let leaves = CgroupPaths.directories(named: name).flatMap { tree in
            CgroupPaths.below(tree).filter { CgroupPaths.members($0).isEmpty == false }
        }
        return inits + leaves
    }

    /// After a shutdown: everything that is still there.
    func left() -> [String] {
        let alive = processes.filter { ProcessTree.isAlive($0.key) && ProcessTree.startTime($0.key) == $0.value }
        let mounts = ((try? Files.text("/proc/self/mountinfo")) ?? "").split(separator: "\n").filter {
            $0.contains(" orket ")
        }
        return alive.keys.map { "process \($0)" } + CgroupPaths.directories(named: name) + mounts.map(String.init)
            + (isRecorded ? [recordPath] : [])
    }

    /// The number of a record is free for another supervisor as soon as this one gives it up: what it says tells whose it is.
    private var isRecorded: Bool { (try? Files.text(recordPath))?.contains(name) ?? false }
}
