import Foundation
import Testing

/// Files of the expected text of each format. ORKET_UPDATE_GOLDEN=1 writes them anew: then look at the difference.
enum Golden {
    /// Absolute path of a file beside the tests.
    static func path(_ name: String) -> String { root + "/Tests/OrketReportsTests/Golden/" + name }

    /// The root of the checkout that this test was built from.
    static let root = "/" + #filePath.split(separator: "/").dropLast(4).joined(separator: "/")

    /// The text must be that of the file.
    static func check(_ text: String, _ name: String) throws {
        let path = path(name)
        if ProcessInfo.processInfo.environment["ORKET_UPDATE_GOLDEN"] == "1" {
            try Data(text.utf8).write(to: URL(filePath: path))
        }
        let expected = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        guard text != expected else { return }
        let lines = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            expected.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.first { $0 != $1 }
        Issue.record("\(name) differs first in: \(first.map { "\($0)\n  expected: \($1)" } ?? "its length")")
    }
}
