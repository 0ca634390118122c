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
}
