import Glibc
package import OrketCore

/// Finds the fixtures that the paths of a command line mean.
package enum FixtureFinder {
    /// Name of the file that makes a directory a fixture.
    package static let fileName = "fixture.yaml"

    private static let maximumDepth = 6
    private static let maximumFixtures = 10_000

    /// The fixture files of `paths`, sorted and without repetitions: a fixture file itself, a fixture's directory, or a
    /// directory with fixtures below it (links are not followed). A path that leads to none is a finding.
    package static func find(_ paths: [String]) throws(InvalidInput) -> [String] {
        var found: Set<String> = []
        var findings: [Finding] = []
        for path in paths {
            switch HostFile.kind(path) {
            case .missing: findings.append(Finding(file: path, "no such file or directory"))
            case .file, .other: found.insert(path)
            case .directory:
                var below: [String] = []
                search(withoutFinalSlash(path), depth: 0, into: &below)
                if below.isEmpty { findings.append(Finding(file: path, "no \(fileName) here or below")) }
                found.formUnion(below)
            }
        }
        if found.count > maximumFixtures {
            findings.append(Finding(file: paths[0], "more than \(maximumFixtures) fixtures"))
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return found.sorted()
    }

    private static func withoutFinalSlash(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? withoutFinalSlash(String(path.dropLast())) : path
    }

    private static func search(_ directory: String, depth: Int, into found: inout [String]) {
        let file = directory + "/" + fileName
        if HostFile.kind(file) == .file {
            found.append(file)
            return
        }
        if depth == maximumDepth || found.count > maximumFixtures { return }
        for name in subdirectories(directory) { search(directory + "/" + name, depth: depth + 1, into: &found) }
    }

    private static func subdirectories(_ directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard entry.pointee.d_type == UInt8(DT_DIR) else { continue }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names
    }
}
