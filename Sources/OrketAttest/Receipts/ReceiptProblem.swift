/// One thing that is wrong with a receipt.
package struct ReceiptProblem: Error, Sendable, Hashable {
    /// Closed; the raw values are those of docs/formats/receipt-verification.schema.json.
    package enum Code: String, Sendable, CaseIterable {
        /// No receipt at all, or not an envelope a line.
        case malformed
        /// The right content in other bytes than Orket writes: whoever changed them could as well have made the change.
        case reencoded
        /// No signature of a trusted key over what is there.
        case untrusted
        /// Signed by a trusted key, but no statement that this version knows.
        case unknownStatement = "unknown_statement"
        /// A statement is missing, or there is one too many.
        case incomplete
        /// Two statements that do not fit each other.
        case contradiction
        /// Of another candidate, fixture or policy than was asked for.
        case staleEvidence = "stale_evidence"
    }

    package let code: Code
    /// Line of the file, from 1; nil where the receipt as a whole is meant.
    package let line: Int?
    /// A sentence without full stop. May quote the receipt: escape it before it meets a terminal.
    package let detail: String

    init(_ code: Code, line: Int? = nil, _ detail: String) {
        self.code = code
        self.line = line
        self.detail = detail
    }
}
