/// What a document may be at most, so that a hostile one costs neither memory nor time.
package struct DocumentLimits: Sendable {
    /// Bytes of the file.
    package var bytes: Int
    /// Values once aliases are expanded; nested aliases grow exponentially.
    package var values: Int
    /// Composing compares keys in their expanded form, so the count is bounded before: with n aliases at most e^(n/e)
    /// times the values of the file can come out.
    package var aliases: Int

    /// Limits of one kind of file.
    package init(bytes: Int, values: Int, aliases: Int) {
        self.bytes = bytes
        self.values = values
        self.aliases = aliases
    }

    /// Of policies: 24 aliases make at most 7,000 values of one.
    package static let policy = DocumentLimits(bytes: 256 << 10, values: 20_000, aliases: 24)
}
