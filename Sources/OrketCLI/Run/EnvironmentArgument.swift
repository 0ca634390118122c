import Glibc
package import OrketCore

/// `--env NAME=VALUE`, or `--env NAME` for the caller's own value.
package enum EnvironmentArgument {
    /// All of them as one environment, or every finding.
    package static func parse(
        _ texts: [String], caller: (String) -> String? = EnvironmentArgument.callersValue
    ) -> Result<[String: String], InvalidInput> {
        var environment: [String: String] = [:]
        var findings: [Finding] = []
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts[0]
            func refuse(_ message: String) {
                findings.append(Finding(file: "--env", "\(CanonicalText.quote(name)): \(message)"))
            }
            if !isName(name) {
                refuse("no name of a variable; write NAME=VALUE with letters, digits and _, not starting with a digit")
                continue
            }
            if environment[name] != nil { refuse("is given twice; give it once") }
            if parts.count == 2 {
                environment[name] = parts[1]
            } else if let value = caller(name) {
                environment[name] = value
            } else {
                refuse("is not set here, so it has no value to pass; write \(name)=VALUE")
                // Known from here on, so that a second one is told, too.
                environment[name] = ""
            }
        }
        return findings.isEmpty ? .success(environment) : .failure(InvalidInput(findings))
    }

    /// A variable of this process.
    package static func callersValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }
}
