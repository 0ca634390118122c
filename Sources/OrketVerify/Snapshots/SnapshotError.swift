package import OrketCore

/// Why there is no snapshot. Nothing refers to what may have been stored on the way; the next sweep removes it.
package enum SnapshotError: Error, Sendable, CustomStringConvertible {
    /// The candidate is not one that can be imported: all findings, at most 100 and a count of the rest.
    case refused(InvalidInput)
    /// Our side failed.
    case storage(StorageError)

    package var description: String {
        switch self {
        case .refused(let input): input.description
        case .storage(let error): error.description
        }
    }
}
