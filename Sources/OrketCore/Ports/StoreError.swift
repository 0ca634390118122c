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
        /// It holds no such card, session or attempt.
        case absent
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

    /// An error about `file`; without `repair` the usual one of its code.
    package init(_ code: Code, _ file: String, _ reason: String, repair: String? = nil) {
        self.code = code
        self.file = file
        self.reason = reason
        self.repair = repair ?? code.repair
    }

    package var description: String { "\(file): \(reason)\nhint: \(repair)" }
}

extension StoreError.Code {
    /// Goes on after the name of the file.
    package var sentence: String {
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
        case .absent: "holds no such thing"
        case .ambiguous: "fits several records"
        case .failed: "failed"
        }
    }

    /// What to do, where nothing closer is known.
    package var repair: String {
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
        case .absent: "look for its name with orket cards or orket sessions"
        case .ambiguous: "give more digits"
        case .failed: "look at the reason; nothing was stored"
        }
    }
}
