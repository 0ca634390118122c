internal import GRDB

/// The store could not do its work. Says which file, why, and what the reader can do about it.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, for whoever decides by it.
    package enum Code: String, Sendable, CaseIterable {
        /// The file is something else than an Orket store of this kind.
        case foreign
        /// A later version of Orket has written it.
        case newer
        /// A migration that was applied to it reads otherwise in this program.
        case altered
        /// The file is damaged or cut off.
        case corrupted
        /// File or directory cannot be written.
        case readOnly = "read_only"
        /// File or directory cannot be reached at all.
        case unreachable
        /// Another process held it for longer than this one waits.
        case locked
        /// No room on its disk.
        case full
        /// What was to be stored breaks a rule of the store; nothing was stored.
        case refused
        /// A name fits several records.
        case ambiguous
        /// A migration, or a call of the operating system, failed.
        case failed
    }

    package let code: Code
    /// Path of the file.
    package let file: String
    package let reason: String
    /// What to do about it; a sentence for people.
    package let repair: String

    init(_ code: Code, _ file: String, _ reason: String, repair: String? = nil) {
        self.code = code
        self.file = file
        self.reason = reason
        self.repair = repair ?? code.repair
    }

    package var description: String { "\(file): \(reason)\nhint: \(repair)" }

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

    fileprivate var sentence: String {
        switch self {
        case .foreign: "is no Orket store"
        case .newer: "was written by a later version of Orket"
        case .altered: "a migration of it was altered"
        case .corrupted: "is damaged"
        case .readOnly: "cannot be written"
        case .unreachable: "cannot be opened"
        case .locked: "is locked by another process"
        case .full: "there is no room on its disk"
        case .refused: "breaks a rule of the store"
        case .ambiguous: "fits several records"
        case .failed: "failed"
        }
    }

    fileprivate var repair: String {
        switch self {
        case .foreign: "name another directory in ORKET_STATE_DIR, or move the file away"
        case .newer: "use the version of Orket that wrote it, or a later one"
        case .altered: "use an unmodified Orket; a migration is never edited, only followed by another"
        case .corrupted: "move it away together with its -wal and -shm files and put a backup in its place"
        case .readOnly: "give this user the right to write the file and its directory, or work on a copy"
        case .unreachable: "look at the path and at the rights of this user"
        case .locked: "wait for the other process, or end it"
        case .full: "make room, then repeat; nothing was stored"
        case .refused: "nothing was stored; correct the record"
        case .ambiguous: "give more digits"
        case .failed: "look at the reason; nothing was stored"
        }
    }
}
