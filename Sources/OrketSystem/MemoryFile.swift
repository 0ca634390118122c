internal import COrketLinux
internal import Glibc

/// A file without a name.
package struct MemoryFile: Sendable {
    package let descriptor: Descriptor

    package init(name: String) throws(SystemError) {
        descriptor = Descriptor(owning: try check(orket_memfd(name), "memfd_create", name))
    }

    /// A file with these bytes that nobody, not even this process, can change any more.
    package init(sealed bytes: [UInt8], name: String) throws(SystemError) {
        descriptor = Descriptor(owning: try check(orket_sealed_memfd(name, bytes, bytes.count), "memfd_create", name))
    }

    /// Everything written so far, from the start.
    package func contents(limit: Int) throws(SystemError) -> [UInt8] {
        lseek(descriptor.raw, 0, SEEK_SET)
        var all: [UInt8] = []
        while all.count < limit, let more = try descriptor.read(atMost: limit - all.count), !more.isEmpty {
            all += more
        }
        return all
    }
}
