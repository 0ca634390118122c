import ArgumentParser
import OrketCore
import OrketReports
import OrketSystem

/// One report that a run is to leave: a format, and the file that it goes to.
struct ReportOutput: ExpressibleByArgument, Sendable {
    let format: ReportFormat
    /// Nil for stdout.
    let file: String?

    /// A report in `format` to `file`.
    init(_ format: ReportFormat, file: String?) {
        self.format = format
        self.file = file
    }

    /// From `FORMAT=FILE`.
    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, let format = ReportFormat(rawValue: String(parts[0])) else {
            return nil
        }
        self.init(format, file: String(parts[1]))
    }

    /// What speaks against `outputs` before anything is started: files that cannot be written, or written twice.
    static func findings(_ outputs: [ReportOutput]) -> [Finding] {
        var seen: Set<String> = []
        return outputs.compactMap { output in
            guard let file = output.file else { return nil }
            if !seen.insert(file).inserted { return Finding(file: file, "is named for two reports") }
            return Files.replaceProblem(file).map { Finding(file: file, $0) }
        }
    }

    /// Writes the report; false, with a line on stderr, when it could not be written.
    func write(_ report: VerificationReport, more: String = "") -> Bool {
        guard let file else {
            Console.result(format.text(of: report, style: Console.resultStyle) + more)
            return true
        }
        do throws(SystemError) {
            try Files.replace(file, Array((format.text(of: report) + more).utf8))
            return true
        } catch {
            Console.talk("orket: the report was not written: \(TerminalText.escape(error.description))\n")
            return false
        }
    }
}

extension ReportFormat: ExpressibleByArgument {}
