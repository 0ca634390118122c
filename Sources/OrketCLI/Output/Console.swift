import Glibc
package import OrketCore
import OrketReports
import OrketSystem

/// The three standard streams. Results go to stdout, talk goes to stderr.
package enum Console {
    /// Writes `text` to stdout as it is.
    package static func result(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes `text` to stderr as it is.
    package static func talk(_ text: String) { write(text, to: STDERR_FILENO) }

    /// Reports what was refused, one finding a line, escaped.
    package static func report(_ input: InvalidInput) {
        for finding in input.findings { talk("orket: \(TerminalText.escape(finding.description))\n") }
    }

    /// True when stderr is a terminal, and so talk may redraw its line.
    package static var talksToTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// What stdout can show: colours on a terminal, unless `NO_COLOR` is set to anything or the terminal is a dumb one.
    static var resultStyle: TextStyle {
        if isatty(STDOUT_FILENO) != 1 { return TextStyle() }
        let isPlain = Process.environment("NO_COLOR")?.isEmpty == false || Process.environment("TERM") == "dumb"
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        return TextStyle(width: isKnown ? Int(size.ws_col) : nil, hasColour: !isPlain)
    }

    /// Processors that this process may use at once.
    package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            // Nobody is left to read: the exit code still tells the verdict.
            if count < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(0, count))
        }
    }
}
