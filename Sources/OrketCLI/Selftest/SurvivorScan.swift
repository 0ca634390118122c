import Glibc
import OrketSystem
import Synchronization

/// Finds processes by the name that a hostile program gave itself.
///
/// The name is random per run, so that only a process of that very run can carry it.
enum SurvivorScan {
    /// A fresh name of at most 15 bytes, the kernel's limit.
    static func freshName() -> String {
        "orket" + String((0..<10).map { _ in "0123456789abcdef".randomElement()! })
    }

    /// Processes named `name`. A line of processes that fork and end without pause may slip through one look, so there are
    /// `looks` of them until one finds something.
    static func find(_ name: String, looks: Int) -> [Int32] {
        for look in 0..<looks {
            if look > 0 { usleep(500) }
            let found = find(name)
            if !found.isEmpty { return found }
        }
        return []
    }

    private static func find(_ name: String) -> [Int32] {
        ((try? Files.names(in: "/proc")) ?? []).compactMap { entry in
            guard let pid = Int32(entry), isNamed(pid, name) else { return nil }
            return pid
        }
    }

    private static func isNamed(_ pid: Int32, _ name: String) -> Bool {
        guard let text = try? Files.text("/proc/\(pid)/comm", limit: 64) else { return false }
        return text == name + "\n"
    }

    /// Kills what carries the name, for at most a second. The pidfd is opened before the name is read again: a number that
    /// went to another process in between is not hit.
    static func kill(_ name: String) {
        for _ in 0..<200 {
            let found = find(name)
            if found.isEmpty { return }
            for pid in found {
                guard let pidfd = try? Process.openPIDFD(pid), isNamed(pid, name) else { continue }
                Process.signal(pidfd, Process.sigkill)
            }
            usleep(5_000)
        }
    }
}

/// A number that one closure sets and another place reads.
final class SurvivorCount: Sendable {
    private let count = Atomic(0)

    var value: Int { count.load(ordering: .acquiring) }

    func set(_ number: Int) { count.store(number, ordering: .releasing) }
}
