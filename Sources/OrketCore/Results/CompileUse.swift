/// One compile step of a verification, by the digest of everything that its result depends on.
package struct CompileUse: Sendable, Hashable {
    /// Hex SHA-256 over sources, arguments, policy and toolchain.
    package var key: String
    /// What an earlier compilation of the very same left was taken; no compiler ran for this verification.
    package var isReused: Bool

    /// A step with its key.
    package init(key: String, isReused: Bool) { (self.key, self.isReused) = (key, isReused) }

    /// `{"key","reused"}`.
    package var json: JSONValue { .object([.init("key", .string(key)), .init("reused", .bool(isReused))]) }
}
