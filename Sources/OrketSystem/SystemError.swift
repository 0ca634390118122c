internal import Glibc

/// A kernel call that failed: which, on what, and why.
package struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
    package let call: String
    package let subject: String
    package let errno: Int32

    package init(_ call: String, _ subject: String = "", errno: Int32) {
        self.call = call
        self.subject = subject
        self.errno = errno
    }

    package var description: String {
        let what = subject.isEmpty ? call : "\(call) \(subject)"
        return "\(what): \(Self.text(errno))"
    }

    /// The C library's sentence for an error number.
    package static func text(_ errno: Int32) -> String { String(cString: strerror(errno)) }

    /// Symbolic names of the numbers that the supervisor decides on.
    package static let ENOENT = Glibc.ENOENT
    package static let EACCES = Glibc.EACCES
    package static let EAGAIN = Glibc.EAGAIN
    package static let ENOMEM = Glibc.ENOMEM
    package static let ETXTBSY = Glibc.ETXTBSY
    package static let EBUSY = Glibc.EBUSY
    package static let EEXIST = Glibc.EEXIST
    package static let ENOSPC = Glibc.ENOSPC
    package static let ELOOP = Glibc.ELOOP
    package static let ENOEXEC = Glibc.ENOEXEC
    package static let EPERM = Glibc.EPERM
    package static let EXDEV = Glibc.EXDEV
    package static let EMFILE = Glibc.EMFILE
    package static let ENFILE = Glibc.ENFILE
    package static let ENOTDIR = Glibc.ENOTDIR
    package static let EPROTO = Glibc.EPROTO
    package static let E2BIG = Glibc.E2BIG
    package static let EDQUOT = Glibc.EDQUOT

    /// The host has run out of something: another time the same call may succeed.
    package static let shortages: Set<Int32> = [EAGAIN, ENOMEM, ENOSPC, EMFILE, ENFILE, EDQUOT]
}

/// Turns a wrapper's `-errno` convention into a throw.
@discardableResult
func check(_ result: Int32, _ call: String, _ subject: String = "") throws(SystemError) -> Int32 {
    if result < 0 { throw SystemError(call, subject, errno: -result) }
    return result
}
