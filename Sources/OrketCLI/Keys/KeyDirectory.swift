import OrketCore
import OrketSystem

/// Where the signing key lies. Not beside the records of supervisors, which are gone when the machine starts anew: whoever
/// trusts a key wants it to stay.
enum KeyDirectory {
    /// `keys` in `$ORKET_STATE_DIR`, else in /var/lib/orket for root, else in the user's state directory of the XDG rules.
    static func path(
        userID: UInt32 = Process.userID, environment: (String) -> String? = Process.environment
    ) throws(InvalidInput) -> String {
        func absolute(_ name: String) -> String? { environment(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
        if let state = absolute("ORKET_STATE_DIR") { return state + "/keys" }
        if userID == 0 { return "/var/lib/orket/keys" }
        if let state = absolute("XDG_STATE_HOME") { return state + "/orket/keys" }
        if let home = absolute("HOME") { return home + "/.local/state/orket/keys" }
        throw InvalidInput([
            Finding(file: "HOME", "not set, so there is no place for a key; set HOME or ORKET_STATE_DIR")
        ])
    }
}
