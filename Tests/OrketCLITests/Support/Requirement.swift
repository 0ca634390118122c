import OrketSystem
import Testing

/// Whether a test may run: what it needs and this host lacks is a failure where everything must work (ORKET_MUST_WORK=1).
func isMet(_ requirement: Bool, _ what: String) -> Bool {
    if !requirement, Process.environment("ORKET_MUST_WORK") == "1" { Issue.record("this test needs \(what)") }
    return requirement
}
