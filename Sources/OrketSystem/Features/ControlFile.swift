/// One-value files of /proc and /sys.
package enum ControlFile {
    /// The trimmed text; nil when the file is not there or not readable.
    package static func word(_ path: String) -> String? {
        guard let text = try? Files.text(path) else { return nil }
        return text.trimmingNewline
    }

    /// The number that the file holds; nil when it is not there, not readable, or no number.
    package static func number(_ path: String) -> Int? { word(path).flatMap { Int($0) } }

    /// The value of a `Name:<tab>value` line, as /proc/PID/status has them.
    package static func field(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(name + ":") {
            return String(line.dropFirst(name.count + 1).drop { $0 == " " || $0 == "\t" })
        }
        return nil
    }
}
