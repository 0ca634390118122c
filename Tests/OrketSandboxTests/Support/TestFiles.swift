import OrketSystem

/// Files of the repository, for tests that compare published ones with the code.
enum TestFiles {
    /// The whole file; a missing one is an error of the test.
    static func read(_ path: String) throws -> [UInt8] { try Files.read(path, limit: 4 << 20) }
}
