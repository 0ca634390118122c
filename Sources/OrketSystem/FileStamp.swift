internal import Glibc

/// What the kernel says of one file: who it is and when it last changed. Whatever writes, renames or relinks a file moves
/// its change time, which no user can set, so two equal stamps mean that nothing of the kind happened in between. A
/// write through a shared mapping is the exception: the kernel notes only the first one to a page.
package struct FileStamp: Sendable, Hashable {
    /// What kind of file it is.
    package enum Kind: Sendable, Hashable {
        case regular, directory, link
        /// Anything else, in the words of a finding: "is a FIFO".
        case other(String)
    }

    package let kind: Kind
    package let device: UInt64
    package let inode: UInt64
    /// Permission bits with setuid, setgid and sticky.
    package let mode: UInt32
    package let links: UInt64
    package let size: UInt64
    /// Since 1970, nanoseconds, on the clock of the file system.
    package let modified: Int64
    package let changed: Int64

    /// Reads it from an open descriptor, also one that was opened as a name only.
    package init(_ descriptor: Descriptor) throws(SystemError) {
        var info = stat()
        if fstat(descriptor.raw, &info) < 0 { throw SystemError("fstat", errno: errno) }
        switch info.st_mode & 0o170000 {
        case 0o100000: kind = .regular
        case 0o040000: kind = .directory
        case 0o120000: kind = .link
        default: kind = .other(Files.kindName(info.st_mode))
        }
        device = UInt64(info.st_dev)
        inode = UInt64(info.st_ino)
        mode = UInt32(info.st_mode & 0o7777)
        links = UInt64(info.st_nlink)
        size = UInt64(max(0, info.st_size))
        modified = Self.nanoseconds(info.st_mtim)
        changed = Self.nanoseconds(info.st_ctim)
    }

    /// The clock that stamps files, nanoseconds since 1970; it steps with the timer of the kernel, every 10 ms at most.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return nanoseconds(time)
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000).partialValue &+ Int64(time.tv_nsec)
    }
}
