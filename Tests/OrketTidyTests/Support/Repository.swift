import Foundation

/// The tree that the tests were compiled from. Every rule reads it through here, so that a rule itself is a pure function of
/// texts and can be shown a bad one.
enum Repository {
    /// Absolute path without a final slash.
    static let root: String = {
        // Support/, OrketTidyTests/, Tests/, and the file's own name.
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/")
    }()

    /// Paths of all text files, relative to the root and sorted; build products and the version control's own are left out.
    static let paths: [String] = {
        let names = FileManager.default.enumerator(atPath: root)
        var found: [String] = []
        while let path = names?.nextObject() as? String {
            let isHidden = path.hasPrefix(".") && !path.hasPrefix(".ci")
            if isHidden || path.hasSuffix("~") {
                names?.skipDescendants()
            } else if kind(path) == .typeRegular {
                found.append(path)
            }
        }
        return found.sorted()
    }()

    /// Every file beneath `directory` whose name ends with one of `suffixes`, with its text.
    static func files(_ directory: String, _ suffixes: String...) -> [SourceFile] {
        paths.filter { path in path.hasPrefix(directory) && suffixes.contains(where: path.hasSuffix) }
            .map { SourceFile(path: $0, text: text($0)) }
    }

    /// The text of one file; empty when it is missing, which no rule takes for good.
    static func text(_ path: String) -> String {
        FileManager.default.contents(atPath: root + "/" + path).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// True for a file or a directory, also the root itself.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: root + "/" + path) }

    static func isExecutable(_ path: String) -> Bool { FileManager.default.isExecutableFile(atPath: root + "/" + path) }

    private static func kind(_ path: String) -> FileAttributeType? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: root + "/" + path)
        return attributes?[.type] as? FileAttributeType
    }
}
