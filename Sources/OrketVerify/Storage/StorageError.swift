import OrketCore
package import OrketSystem

/// Why the content store could not do its work: our side, never the candidate's. Each says what to do.
package enum StorageError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The directory is no directory, or not this user's alone.
    case unsafeDirectory(String)
    /// A kernel call failed: the disk is full, a directory is not readable, descriptors have run out.
    case system(SystemError)
    /// No blob has this digest.
    case absent(String)
    /// The blob's bytes no longer have its digest; it was set aside as `damaged/<digest>`.
    case damaged(String)
    /// More bytes than the caller allows in one blob.
    case tooLarge(limit: UInt64)
    /// Text that is no digest: 64 lower-case hexadecimal digits are.
    case notADigest(String)

    package var description: String {
        switch self {
        case .unsafeDirectory(let path):
            "content store \(path.jsonEscaped): not a directory that only this user can write; remove it or name another"
        case .system(let error) where SystemError.shortages.contains(error.errno):
            "content store: \(error.description.jsonEscaped); free some, then try again"
        case .system(let error): "content store: \(error.description.jsonEscaped)"
        case .absent(let digest): "content store: no blob \(digest); import the candidate again"
        case .damaged(let digest):
            "content store: blob \(digest) has changed; it was set aside in `damaged`; import the candidate again"
        case .tooLarge(let limit): "content store: a blob of more than \(limit) bytes"
        case .notADigest(let text): "content store: '\(text.jsonEscaped.prefix(80))' is no SHA-256 in hexadecimal"
        }
    }

    /// Runs kernel calls and gives their errors this type.
    static func wrapping<Value>(_ work: () throws(SystemError) -> Value) throws(StorageError) -> Value {
        do throws(SystemError) { return try work() } catch { throw .system(error) }
    }
}
