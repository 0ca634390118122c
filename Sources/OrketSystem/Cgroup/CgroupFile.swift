internal import Glibc

/// One control file of a cgroup, opened once and read as often as wanted.
struct CgroupFile: Sendable {
    let name: String
    private let descriptor: Descriptor

    init(_ directory: String, _ name: String, writing: Bool = false) throws(SystemError) {
        self.name = name
        descriptor = try Files.open("\(directory)/\(name)", writing: writing)
    }

    func write(_ value: String) throws(SystemError) {
        do { _ = try descriptor.write(Array(value.utf8)[...]) } catch {
            throw SystemError("write", "\(value) to \(name)", errno: error.errno)
        }
    }

    /// The present contents, at most a page, without the last newline; empty when they cannot be read.
    var text: String {
        withContents { bytes in
            String(
                decoding: bytes.last == 10 ? UnsafeRawBufferPointer(rebasing: bytes.dropLast()) : bytes, as: UTF8.self)
        }
    }

    /// The contents as one number; nil for `max` and other words.
    var number: UInt64? { withContents { Self.leadingNumber($0[...]) } }

    /// The value of the line that begins with `key` and a space.
    func field(_ key: String) -> UInt64? {
        var key = key
        return withContents { bytes in
            key.withUTF8 { key in
                for line in bytes.split(separator: 10)
                where line.count > key.count && line[line.startIndex + key.count] == 32 && line.starts(with: key) {
                    return Self.leadingNumber(line.dropFirst(key.count + 1))
                }
                return nil
            }
        }
    }

    private static func leadingNumber(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt64? {
        var value: UInt64 = 0
        var digits = 0
        for byte in bytes {
            guard byte >= 48, byte <= 57 else { break }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return .max }
            value = shifted &+ UInt64(byte - 48)
            digits += 1
        }
        return digits == 0 ? nil : value
    }

    private func withContents<Value>(_ body: (UnsafeRawBufferPointer) -> Value) -> Value {
        withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
            let count = pread(descriptor.raw, buffer.baseAddress, buffer.count, 0)
            return body(UnsafeRawBufferPointer(rebasing: buffer.prefix(max(0, count))))
        }
    }
}
