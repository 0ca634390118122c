/// /proc/self/mountinfo, parsed: the mounts that this process sees, in the order in which they were made.
package struct MountTable: Sendable, Hashable {
    /// One line of mountinfo.
    package struct Mount: Sendable, Hashable {
        /// The directory of the file system that is mounted, `/` for all of it.
        package let root: String
        package let point: String
        package let type: String
        /// Options of the mount (`ro`, `nosuid`) and of its file system (`hidepid=2`, `memory`).
        package let options: Set<String>
    }

    package let mounts: [Mount]

    /// Lines that do not have the form of proc_pid_mountinfo(5) are left out.
    package init(_ text: String) {
        mounts = text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", omittingEmptySubsequences: false).map(Self.unescaped)
            guard let dash = fields.dropFirst(6).firstIndex(of: "-"), fields.count > dash + 3 else { return nil }
            let options = fields[5].split(separator: ",") + fields[dash + 3].split(separator: ",")
            return Mount(
                root: fields[3], point: fields[4], type: fields[dash + 1], options: Set(options.map(String.init)))
        }
    }

    /// What is visible at that mount point: the last mount there covers the others.
    package func visible(at point: String) -> Mount? { mounts.last { $0.point == point } }

    /// Mounts strictly below a directory.
    package func below(_ directory: String) -> [Mount] {
        mounts.filter { $0.point.hasPrefix(directory == "/" ? "/" : directory + "/") && $0.point != directory }
    }

    /// The kernel writes space, tab, newline and backslash as three octal digits.
    private static func unescaped(_ field: Substring) -> String {
        guard field.utf8.contains(UInt8(ascii: "\\")) else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
