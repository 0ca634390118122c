internal import COrketLinux

/// The raw text that /proc shows of one process, taken at one moment; to be parsed when somebody asks.
package struct ProcessEvidence: Sendable {
    private let bytes: [UInt8]
    private let lengths: [UInt32]
    /// Open descriptors; nil when they may not be counted.
    package let descriptorCount: Int?

    /// The parts in the order in which they lie in `bytes`.
    package enum Part: Int, CaseIterable, Sendable {
        case status, uidMap, gidMap, mountinfo, limits, user, pid, mnt, net, ipc, uts, cgroup

        package static let namespaces: [Part] = [.user, .pid, .mnt, .net, .ipc, .uts, .cgroup]
    }

    /// Reads /proc/`pid`. What cannot be read stays empty, which no required value matches.
    package init(pid: Int32) {
        var lengths = [UInt32](repeating: 0, count: Part.allCases.count)
        var descriptors = UInt32.max
        var taken: [UInt8] = []
        // A policy with hundreds of mounts needs the second size.
        for capacity in [32 << 10, 4 << 20] {
            var count = 0
            taken = withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
                count = orket_read_evidence(pid, buffer.baseAddress, capacity, &lengths, &descriptors)
                return buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }
            }
            if count >= 0 { break }
        }
        bytes = taken
        self.lengths = taken.isEmpty ? [UInt32](repeating: 0, count: Part.allCases.count) : lengths
        descriptorCount = descriptors == .max ? nil : Int(descriptors)
    }

    /// One part as text.
    package subscript(part: Part) -> String {
        let start = Int(lengths[..<part.rawValue].reduce(0, +))
        return String(decoding: bytes[start..<start + Int(lengths[part.rawValue])], as: UTF8.self)
    }
}
