import Glibc
import OrketSystem
import OrketTestSupport
import Testing

/// The conformance suites once more, by this very program, as a user without any right.
@Suite("The same sandbox for an ordinary user", .enabled(if: Process.userID == 0))
struct RootlessTests {
    private static let user = "4242"
    private static let suites =
        #"OrketSandboxTests\.(RunTests|LimitTests|CollectTests|EnforcementTests|ConcurrencyTests)"#

    @Test("limits, collection, evidence and concurrency hold without a privilege")
    func conforms() async throws {
        // The checkout may be where only root gets to.
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let program = try #require(Files.readLink("/proc/self/exe"))
        let files = [program, Checkout.jail, try await Probe.path]
        let copied = try await HostProgram.run(["/bin/cp"] + files + [directory.path])
        #expect(copied.status == 0, "\(copied.text)")
        for path in [directory.path] + (try Files.names(in: directory.path).map { "\(directory.path)/\($0)" }) {
            #expect(chown(path, 4242, 4242) == 0)
        }
        let name = String(program[program.lastIndex(of: "/")!...])
        let end = try await HostProgram.run(
            [
                "/usr/bin/setpriv", "--reuid", Self.user, "--regid", Self.user, "--clear-groups", directory.path + name,
                "--testing-library", "swift-testing", "--filter", Self.suites,
            ], environment: ["ORKET_STATE_DIR": directory.path + "/state", "HOME": directory.path])
        let issues = end.lines.filter { $0.contains("✘") || $0.contains("↳") }.joined(separator: "\n")
        #expect(end.status == 0, "\(issues)")
        let closing = end.lines.last { $0.contains("Test run with") } ?? ""
        #expect(closing.contains("passed") && !closing.contains("with 0 tests"), "\(closing)")
    }
}
