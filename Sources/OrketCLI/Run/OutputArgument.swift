import Glibc
package import OrketCore
package import OrketSystem

/// `--output PATH[:FILE]`: a file of the workspace that is copied to the host after the run.
package struct OutputArgument: Sendable, Hashable {
    /// Relative to /box.
    package let path: String
    /// On the host; does not exist yet.
    package let file: String

    /// An output of checked paths.
    package init(path: String, file: String) {
        self.path = path
        self.file = file
    }

    /// Reads the text and looks at the place where the file will be written.
    package static func parse(_ text: String) -> Result<OutputArgument, InvalidInput> {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        func refuse(_ message: String) -> Result<OutputArgument, InvalidInput> {
            .failure(InvalidInput([Finding(file: "--output", "\(CanonicalText.quote(text)): \(message)")]))
        }
        let path = parts[0].hasPrefix("/box/") ? String(parts[0].dropFirst(5)) : parts[0]
        let names = path.split(separator: "/", omittingEmptySubsequences: false)
        if names.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) {
            return refuse("name a file in /box, such as result.txt or /box/out/result.txt")
        }
        let file = parts.count == 2 ? parts[1] : String(names[names.count - 1])
        if file.isEmpty { return refuse("the file to write is missing; write PATH:FILE") }
        if Files.exists(file) { return refuse("\(file) exists already; remove it, or name another file") }
        let parent = file.lastIndex(of: "/").map { $0 == file.startIndex ? "/" : String(file[..<$0]) } ?? "."
        if access(parent, W_OK | X_OK) != 0 {
            return refuse(
                "\(parent) cannot be written: \(String(cString: strerror(errno))); name a directory that you own")
        }
        return .success(OutputArgument(path: path, file: file))
    }

    /// Writes what was collected to a new file; nothing that is there meanwhile is overwritten, no link is followed.
    package func write(_ collected: CollectedFile) throws(SystemError) {
        try Files.writeNew(file, collected.bytes, mode: collected.executable ? 0o755 : 0o644)
    }
}
