import Glibc
package import OrketCore

/// `--bind SRC:DST[:rw]`: a file or directory of the host, shown in the sandbox.
package struct BindArgument: Sendable, Hashable {
    /// Absolute and without links.
    package let source: String
    /// In the sandbox.
    package let target: String
    package let isWritable: Bool

    /// A bind of checked paths.
    package init(source: String, target: String, isWritable: Bool) {
        self.source = source
        self.target = target
        self.isWritable = isWritable
    }

    /// Reads the text and looks at the source. A relative source counts from the working directory, as everywhere in a
    /// shell; a relative target would count from nothing.
    package static func parse(_ text: String) -> Result<BindArgument, InvalidInput> {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var isWritable = false
        if parts.count == 3, ["rw", "ro"].contains(parts[2]) { isWritable = parts.removeLast() == "rw" }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
            return .failure(refusal(text, "write SRC:DST, or SRC:DST:rw to make it writable"))
        }
        var findings: [Finding] = []
        var source = parts[0]
        if let pointer = realpath(parts[0], nil) {
            source = String(cString: pointer)
            free(pointer)
            if let defect = PathRules.defect(ofSource: source) { findings += refusal(text, defect).findings }
        } else {
            let reason = String(cString: strerror(errno))
            findings +=
                refusal(
                    text,
                    "the source \(CanonicalText.quote(parts[0])) cannot be shown: \(reason); name a file or directory that exists"
                ).findings
        }
        if let defect = PathRules.defect(ofTarget: parts[1]) {
            findings += refusal(text, "the target: \(defect); name a path such as /data").findings
        }
        if !findings.isEmpty { return .failure(InvalidInput(findings)) }
        return .success(BindArgument(source: source, target: parts[1], isWritable: isWritable))
    }

    /// Adds the mount; one of the policy at the same place gives way. Returns why it cannot be made there, or nil.
    package func add(to policy: inout Policy) -> Finding? {
        let others = policy.mounts.filter { $0.target != target }
        let files = policy.files.map(\.path) + policy.symlinks.map(\.path)
        if let taken = files.first(where: { PathRules.contains($0, target) || PathRules.contains(target, $0) }) {
            return finding("the policy makes \(taken) itself; choose another target")
        }
        // Nothing is ever made in a directory of the host, also where it is shown writable.
        let outer = others.filter { PathRules.contains($0.target, target) }.max {
            $0.target.utf8.count < $1.target.utf8.count
        }
        if let outer, access(outer.source + target.dropFirst(outer.target.utf8.count), F_OK) != 0 {
            return finding(
                "\(outer.target) shows the host's \(outer.source), which has no such place; choose another target")
        }
        let mount = Policy.Mount(
            source: source, target: target, writable: isWritable, why: "asked for on the command line")
        // A parent comes before what lies in it.
        policy.mounts = (others + [mount]).sorted { $0.target < $1.target }
        return nil
    }

    private func finding(_ message: String) -> Finding {
        Finding(file: "--bind", "\(CanonicalText.quote("\(source):\(target)")): \(message)")
    }

    private static func refusal(_ text: String, _ message: String) -> InvalidInput {
        InvalidInput([Finding(file: "--bind", "\(CanonicalText.quote(text)): \(message)")])
    }
}
