import Glibc
import OrketCore
import OrketReports
import OrketSystem

/// The file in which GitHub Actions collects the summary of a step.
enum StepSummary {
    /// Appends the summary of `report` to the file that `GITHUB_STEP_SUMMARY` names, as far as the limit of a step leaves
    /// room. True without such a variable; false, with a line on stderr, when the file could not be written.
    static func append(_ report: VerificationReport) -> Bool {
        guard let path = Process.environment("GITHUB_STEP_SUMMARY"), !path.isEmpty else { return true }
        do throws(SystemError) {
            let fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0o644)
            if fd < 0 { throw SystemError("open", path, errno: errno) }
            let file = Descriptor(owning: fd)
            var status = stat()
            if fstat(file.raw, &status) < 0 { throw SystemError("fstat", path, errno: errno) }
            let room = GitHubReport.maximumSummaryBytes - Int(clamping: status.st_size)
            try file.writeAll(Array(GitHubReport.summary(report, maximumBytes: room).utf8))
            return true
        } catch {
            Console.talk("orket: the step's summary was not written: \(TerminalText.escape(error.description))\n")
            return false
        }
    }
}
