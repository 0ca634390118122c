package import OrketCore

/// Why a command about evidence cannot do its work, for people.
package struct EvidenceFailure: Error {
    package let reason: String
    package let hint: String

    /// A reason with the way out of it.
    package init(_ reason: String, hint: String) {
        self.reason = reason
        self.hint = hint
    }

    /// What the store said.
    package init(_ error: StoreError) { self.init("\(error.file): \(error.reason)", hint: error.repair) }

    /// What is wrong with a place.
    package init(_ input: InvalidInput) {
        self.init(input.findings.map { "\($0)" }.joined(separator: "; "), hint: "name another in ORKET_STATE_DIR")
    }
}
