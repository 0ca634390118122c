/// Where a fixture or a case is written down.
package struct SourceLocation: Sendable, Hashable {
    /// Path as the user named it; relative ones start at the working directory.
    package let file: String
    /// 1-based.
    package let line: Int

    /// A line of a file.
    package init(file: String, line: Int = 1) {
        self.file = file
        self.line = line
    }
}
