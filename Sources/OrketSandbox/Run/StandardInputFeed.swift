internal import OrketSystem

/// Bytes on their way into a payload's stdin. A payload that closes its end early is no error.
struct StandardInputFeed: Sendable {
    private let pipe: Descriptor
    private var rest: ArraySlice<UInt8>

    /// `pipe` is the non-blocking writing end.
    init(pipe: Descriptor, bytes: [UInt8]) {
        self.pipe = pipe
        rest = bytes[...]
    }

    var rawDescriptor: Int32 { pipe.raw }

    /// Writes what fits; true when all is written or nobody reads any more, and then the end is closed.
    mutating func writeMore() -> Bool {
        while !rest.isEmpty {
            do {
                guard let count = try pipe.write(rest) else { return false }
                rest = rest.dropFirst(count)
            } catch {
                break
            }
        }
        pipe.close()
        return true
    }
}
