internal import GRDB
internal import OrketCore

extension StoreError {
    /// What SQLite or a call of ours said about `file`.
    init(_ error: any Error, file: String) {
        if let error = error as? StoreError {
            self = error
        } else if let error = error as? DatabaseError {
            let code = Code(error.extendedResultCode)
            // Text and arguments of the statement stay out of it: they may be a candidate's.
            self.init(
                code, file, "\(code.sentence) (SQLite \(error.extendedResultCode.rawValue): \(error.message ?? ""))")
        } else {
            // A value of another type than its column; its text may be a candidate's.
            self.init(.corrupted, file, "holds a value that cannot be read")
        }
    }
}

extension StoreError.Code {
    /// Primary result codes, https://www.sqlite.org/rescode.html.
    fileprivate init(_ code: ResultCode) {
        // The memory that processes share has no room: a full disk, which SQLite does not call so here.
        if code == .SQLITE_IOERR_SHMSIZE {
            self = .full
            return
        }
        switch code.primaryResultCode {
        case .SQLITE_NOTADB: self = .foreign
        case .SQLITE_CORRUPT: self = .corrupted
        case .SQLITE_READONLY: self = .readOnly
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .unreachable
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked
        case .SQLITE_FULL: self = .full
        case .SQLITE_CONSTRAINT, .SQLITE_TOOBIG, .SQLITE_MISMATCH: self = .refused
        default: self = .failed
        }
    }
}
