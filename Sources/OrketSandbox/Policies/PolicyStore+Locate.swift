internal import Glibc
package import OrketCore

extension PolicyStore {
    /// The store of this installation: `$ORKET_POLICIES`, else beside the program, else `policies/` in a directory above it
    /// (a build tree). The working directory is never asked: it may belong to the candidate.
    package static func locate() throws(InvalidInput) -> PolicyStore {
        if let value = getenv("ORKET_POLICIES") {
            return try store(at: String(cString: value), named: "ORKET_POLICIES")
        }
        guard let executable = try? HostFile.realPath("/proc/self/exe") else {
            throw InvalidInput([
                Finding(file: "/proc/self/exe", "cannot be read; set ORKET_POLICIES to the policies directory")
            ])
        }
        for candidate in candidates(besides: executable) where HostFile.isRegular(candidate + "/base.yaml") {
            return try store(at: candidate, named: candidate)
        }
        throw InvalidInput([
            Finding(file: "policies", "no policies directory beside or above \(executable); set ORKET_POLICIES to it")
        ])
    }

    private static func store(at path: String, named name: String) throws(InvalidInput) -> PolicyStore {
        do {
            let store = PolicyStore(directory: try HostFile.realPath(path))
            if HostFile.isRegular(store.file(ofName: "base")) { return store }
        } catch {
            throw InvalidInput([Finding(file: name, "\(path) \(error.message)")])
        }
        throw InvalidInput([Finding(file: name, "\(path) has no base.yaml, so it is no policies directory")])
    }

    static func candidates(besides executable: String) -> [String] {
        var directory = executable[..<(executable.lastIndex(of: "/") ?? executable.startIndex)]
        var list = ["\(directory)/../share/orket/policies", "\(directory)/policies"]
        while let slash = directory.lastIndex(of: "/") {
            directory = directory[..<slash]
            list.append("\(directory)/policies")
        }
        return list
    }
}
