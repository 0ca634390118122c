/// The supervisor's side of Sources/orket-jail/wire.h: the same types, lengths and descriptor counts, checked on receipt.
enum Wire {
    static let magic: UInt32 = 0x4b52_4f4a
    static let version: UInt16 = 1
    static let headerBytes = 16
    static let maximumRecordBytes = 128 << 10

    enum Kind: UInt16 {
        case hello = 1, shape = 2, shaped = 3
        case prepare = 10
        case handles = 20, ready = 21, start = 22, startLong = 23, exited = 24, failed = 25, count = 26, counted = 27
    }

    /// A set-up step that failed, as the jail reports it.
    struct Failure: Error, Sendable, Hashable {
        var step: UInt32
        var errno: Int32
        var index: UInt32
        var name: String
        var subject: String
    }

    /// How the payload's main process ended.
    struct Exit: Sendable, Hashable {
        /// si_code of wait(2).
        var code: Int32
        var status: Int32
        var cpuMicroseconds: UInt64
        var maxRSSKiB: UInt64
        /// pid 1 has nobody left to reap: it is the last process of the sandbox.
        var isAlone: Bool
    }

    /// What the supervisor may receive.
    enum Message: Sendable, Hashable {
        case hello(stepCount: UInt32, rootless: Bool, protectionCount: UInt32)
        case shaped
        case handles
        case ready
        case exited(Exit)
        case counted(processes: UInt32, cpuMicroseconds: UInt64, rssBytes: UInt64)
        case failed(Failure)
    }

    static func encode(_ kind: Kind, id: UInt32 = 0, body: [UInt8] = []) -> [UInt8] {
        var writer = ByteWriter()
        writer.u32(magic)
        writer.u16(version)
        writer.u16(kind.rawValue)
        writer.u32(UInt32(body.count))
        writer.u32(id)
        return writer.bytes + body
    }

    /// nil for anything that wire.h does not allow to arrive here.
    static func decode(_ bytes: [UInt8], descriptorCount: Int) -> (id: UInt32, message: Message)? {
        var reader = ByteReader(bytes)
        guard reader.u32() == magic, reader.u16() == version, let kind = Kind(rawValue: reader.u16()),
            reader.u32() == UInt32(max(0, bytes.count - headerBytes))
        else { return nil }
        let id = reader.u32()
        guard let (bodyBytes, descriptors) = expected(kind), bytes.count == headerBytes + bodyBytes,
            descriptors == descriptorCount, reader.isComplete
        else { return nil }
        return message(kind, &reader).map { (id, $0) }
    }

    private static func expected(_ kind: Kind) -> (bodyBytes: Int, descriptors: Int)? {
        switch kind {
        case .hello: (16, 0)
        case .shaped, .ready: (0, 0)
        case .handles: (0, 2)
        case .exited: (40, 0)
        case .counted: (24, 0)
        case .failed: (248, 0)
        case .shape, .prepare, .start, .startLong, .count: nil
        }
    }

    private static func message(_ kind: Kind, _ reader: inout ByteReader) -> Message? {
        switch kind {
        case .hello:
            return .hello(stepCount: reader.u32(), rootless: reader.u32() == 1, protectionCount: reader.u32())
        case .shaped: return .shaped
        case .handles: return .handles
        case .ready: return .ready
        case .exited:
            let code = reader.i32(), status = reader.i32()
            let cpu = reader.u64() &+ reader.u64()
            let maxRSS = reader.u64(), alone = reader.u32()
            _ = reader.u32()
            return .exited(
                Exit(code: code, status: status, cpuMicroseconds: cpu, maxRSSKiB: maxRSS, isAlone: alone == 1))
        case .counted:
            let processes = reader.u32()
            _ = reader.u32()
            return .counted(processes: processes, cpuMicroseconds: reader.u64(), rssBytes: reader.u64())
        case .failed:
            let step = reader.u32(), errno = reader.i32(), index = reader.u32()
            _ = reader.u32()
            return .failed(
                Failure(
                    step: step, errno: errno, index: index, name: reader.text(width: 24),
                    subject: reader.text(width: 208)))
        case .shape, .prepare, .start, .startLong, .count: return nil
        }
    }
}
