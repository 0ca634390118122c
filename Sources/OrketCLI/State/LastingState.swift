package import OrketCore
import OrketSystem

/// Where Orket keeps what must outlive the machine's next start: keys and evidence. The records of supervisors lie
/// elsewhere, where they are gone by then.
package enum LastingState {
    /// `$ORKET_STATE_DIR`, else what `$XDG_STATE_HOME` names, else /var/lib/orket for root and ~/.local/state/orket. Absolute,
    /// without a final slash; need not exist.
    package static func directory(
        userID: UInt32 = Process.userID, environment: (String) -> String? = Process.environment
    ) throws(InvalidInput) -> String {
        func absolute(_ name: String) -> String? {
            environment(name).flatMap { $0.hasPrefix("/") && $0 != "/" ? $0 : nil }
        }
        if let state = absolute("ORKET_STATE_DIR") { return state }
        if let state = absolute("XDG_STATE_HOME") { return state + "/orket" }
        if userID == 0 { return "/var/lib/orket" }
        if let home = absolute("HOME") { return home + "/.local/state/orket" }
        throw InvalidInput([
            Finding(file: "HOME", "not set, so there is no place for keys and evidence; set HOME or ORKET_STATE_DIR")
        ])
    }

    /// Makes `directories`, each for this user alone, with what is above them. Blocks.
    static func make(_ directories: [String]) throws(EvidenceFailure) {
        do throws(SystemError) {
            for directory in directories {
                for end in directory.indices.dropFirst() where directory[end] == "/" {
                    try Files.makeDirectory(String(directory[..<end]), mode: 0o755)
                }
                try Files.makeDirectory(directory)
            }
        } catch {
            throw EvidenceFailure("\(error)", hint: "name another directory in ORKET_STATE_DIR")
        }
        for directory in directories where !Files.isPrivateDirectory(directory, owner: Process.userID) {
            throw EvidenceFailure(
                "\(directory) is not a directory of this user that nobody else can write",
                hint: "chown and chmod it, or name another in ORKET_STATE_DIR")
        }
    }
}
