import OrketCore
import OrketSandbox
import Testing

@Suite("A run, end to end")
struct RunTests {
    @Test("a program that prints and exits 0 passes, its bytes arrive")
    func passes() async throws {
        let result = try await TestSupervisor.run([
            "sh", "-c", "echo hello; pwd; id; ls -la / /dev /proc; env; cat /proc/self/status | head -5",
        ])
        print(result.stdout.text, result.stderr.text, result.reasons, result.usage, result.timings)
        for (k, v) in result.isolation.mechanisms.sorted(by: { $0.key < $1.key }) { print("  ", k, v) }
        #expect(result.outcome == .passed)
    }
}
