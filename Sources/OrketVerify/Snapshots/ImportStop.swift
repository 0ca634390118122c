import OrketSystem

/// What ends the listing of a candidate, or the copying of one of its files.
enum ImportStop: Error {
    /// A finding about the candidate.
    case finding(String)
    /// Our side failed.
    case storage(StorageError)

    /// A finding about one entry.
    static func entry(_ path: [UInt8], _ message: String) -> ImportStop {
        .finding("\(ImportFindings.shown(path)): \(message)")
    }

    /// An entry that is not what it was when it was listed.
    static func changed(_ path: [UInt8]) -> ImportStop {
        .entry(path, "changed while it was imported; stop whoever writes there, then import again")
    }

    /// A kernel call on the candidate's own files that failed. What the host lacks is our side's failure; a name that is
    /// gone, or has become a link since it was listed, means that somebody writes there.
    init(_ path: [UInt8], _ error: SystemError) {
        switch error.errno {
        case _ where SystemError.shortages.contains(error.errno): self = .storage(.system(error))
        case SystemError.ENOENT, SystemError.ELOOP, SystemError.ENOTDIR: self = .changed(path)
        case SystemError.EXDEV: self = .entry(path, "lies on another file system; copy it")
        default: self = .entry(path, "cannot be read: \(SystemError.text(error.errno))")
        }
    }

    /// Runs calls on the store and gives their errors this type.
    @discardableResult
    static func storing<Value>(_ work: () throws(StorageError) -> Value) throws(ImportStop) -> Value {
        do throws(StorageError) { return try work() } catch { throw .storage(error) }
    }

    /// Runs kernel calls on an entry and gives their errors this type.
    static func reading<Value>(
        _ path: [UInt8], _ work: () throws(SystemError) -> Value
    ) throws(ImportStop) -> Value {
        do throws(SystemError) { return try work() } catch { throw ImportStop(path, error) }
    }
}

extension ContentWriter {
    /// `append` for whoever imports.
    func add(_ bytes: [UInt8]) throws(ImportStop) {
        try ImportStop.storing { () throws(StorageError) in try append(bytes) }
    }
}
