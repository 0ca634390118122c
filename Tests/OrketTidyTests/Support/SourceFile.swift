/// One text file of the repository.
struct SourceFile: Sendable {
    /// Relative to the repository's root.
    let path: String
    let text: String

    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    /// Number of lines; the newline that ends the last one does not begin another.
    var lineCount: Int { text.isEmpty ? 0 : lines.count - (text.hasSuffix("\n") ? 1 : 0) }
    var name: String { String(path.split(separator: "/").last ?? "") }

    /// The text with the contents of comments and literals blanked; every line keeps its number.
    var code: [[Character]] {
        var scanner = CodeScanner(text, isSwift: path.hasSuffix(".swift"))
        return scanner.code()
    }
}
