import OrketSystem

/// An open file that others may be writing to, with what its stamp was before its bytes were looked at.
struct LiveFile {
    private let path: [UInt8]
    private let descriptor: Descriptor
    let stamp: FileStamp

    init(_ path: [UInt8], _ descriptor: Descriptor, _ stamp: FileStamp) {
        self.path = path
        self.descriptor = descriptor
        self.stamp = stamp
    }

    /// Hands on all bytes. Refused when the file is not what its stamp says, before or after.
    func copy(_ take: ([UInt8]) throws(ImportStop) -> Void) throws(ImportStop) {
        func current() throws(ImportStop) -> FileStamp {
            try ImportStop.reading(path) { () throws(SystemError) in try FileStamp(descriptor) }
        }
        guard try current() == stamp else { throw .changed(path) }
        var size: UInt64 = 0
        while size <= stamp.size {
            let chunk = try ImportStop.reading(path) { () throws(SystemError) in
                try Files.read(descriptor, at: size, count: importChunkBytes)
            }
            if chunk.isEmpty { break }
            size += UInt64(chunk.count)
            guard size <= stamp.size else { throw .changed(path) }
            try take(chunk)
        }
        guard size == stamp.size, try current() == stamp else { throw .changed(path) }
    }

    func copy(into writer: ContentWriter) throws(ImportStop) {
        try copy { bytes throws(ImportStop) in try writer.add(bytes) }
    }

    /// Waits, when anything has changed just now, until a further change gets another time: the kernel's clock for files
    /// steps every 10 ms at most. A time in the future needs no wait, since no write of today will get it.
    static func settle(newest: Int64) {
        let step: Int64 = 20_000_000
        let now = FileStamp.now
        if newest > now &- step && newest < now &+ step { Process.pause(milliseconds: 40) }
    }
}

extension FileStamp {
    /// What a regular file becomes.
    var fileKind: CandidateSnapshot.Kind { mode & 0o111 != 0 ? .executable : .file }

    /// A finding when the file would run as somebody else.
    var privilegeProblem: String? { Self.privilegeProblem(mode: mode) }

    /// The same for a mode that an archive says.
    static func privilegeProblem(mode: UInt32) -> String? {
        mode & 0o6000 == 0 ? nil : "has a setuid or setgid bit; take it away (chmod ug-s)"
    }
}
