import Glibc
import OrketSystem
import Synchronization

/// Finds the processes of one run of a hostile program, wherever they hide: by the name that the program gave itself, or
/// by the same word in their environment, which every descendant inherits.
///
/// The word is random per run, so that only a process of that very run can carry it.
enum SurvivorScan {
    /// Variable of the environment that holds the word.
    static let variable = "ORKET_SURVIVOR"

    /// A fresh word of at most 15 bytes, the kernel's limit for names.
    static func freshName() -> String {
        "orket" + String((0..<10).map { _ in "0123456789abcdef".randomElement()! })
    }

    /// Processes of the run `name`. A line of processes that fork and end without pause may slip through one look, so there
    /// are `looks` of them until one finds something.
    static func find(_ name: String, looks: Int) -> [Int32] {
        for look in 0..<looks {
            if look > 0 { usleep(500) }
            let found = find(name)
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func find(_ name: String) -> [Int32] { processes.filter { carries($0, name) } }

    /// Youngest first: whoever lives only for a moment must be looked at in that moment.
    private static var processes: [Int32] {
        ((try? Files.names(in: "/proc")) ?? []).compactMap { Int32($0) }.reversed()
    }

    private static func carries(_ pid: Int32, _ name: String) -> Bool {
        // `PID (NAME) STATE ...`: the dead whom nobody has buried yet keep their name, and survive nothing.
        if let stat = try? Files.text("/proc/\(pid)/stat", limit: 64), stat.hasPrefix("\(pid) (\(name)) ") {
            return !stat.hasPrefix("\(pid) (\(name)) Z")
        }
        guard let environment = try? Files.read("/proc/\(pid)/environ", limit: 256 << 10) else { return false }
        let word = Array("\(variable)=\(name)".utf8)
        return environment.split(separator: 0).contains { $0.elementsEqual(word) }
    }

    /// Kills what belongs to the run, for some seconds at most. The pidfd is opened before the process is looked at again: a
    /// number that went to another process in between is not hit.
    static func kill(_ name: String) {
        for _ in 0..<2_000 {
            var isClear = true
            for pid in processes where carries(pid, name) {
                isClear = false
                guard let pidfd = try? Process.openPIDFD(pid), carries(pid, name) else { continue }
                Process.signal(pidfd, Process.sigkill)
            }
            if isClear { return }
            usleep(1_000)
        }
    }
}

/// A number that one closure sets and another place reads.
final class SurvivorCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    func set(_ number: Int) { count.store(number, ordering: .releasing) }
}
