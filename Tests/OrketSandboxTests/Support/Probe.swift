import Glibc
import OrketCore
import OrketSystem

/// Tests/Programs/probe.c, compiled once with the host's compiler and put into sandboxes as /probe.
enum Probe {
    static let target = "/probe"
    private static let building = Task { try await build() }

    /// Host path of the compiled program.
    static var path: String { get async throws { try await building.value } }

    private static func build() async throws -> String {
        let source = Checkout.root + "/Tests/Programs/probe.c"
        let program = Checkout.products + "/orket-test-probe"
        if isFresh(program, than: source) { return program }
        // Another test process may build the same: each renames a whole program into place.
        let fresh = "\(program).\(Process.processID)"
        let compiler = ["/usr/bin/cc", "-std=gnu11", "-O1", "-D_GNU_SOURCE", "-static", "-o", fresh, source]
        let end = try await HostProgram.run(compiler)
        guard end.status == 0, rename(fresh, program) == 0 else { throw SystemError("cc", end.text, errno: errno) }
        return program
    }

    private static func isFresh(_ program: String, than source: String) -> Bool {
        var made = stat(), written = stat()
        guard stat(program, &made) == 0 else { return false }
        // A copy of the build without the sources has nothing to compare with.
        guard stat(source, &written) == 0 else { return true }
        return made.st_mtim.tv_sec > written.st_mtim.tv_sec
    }

    /// Runs it under the test policy with other limits.
    static func run(
        _ arguments: [String], limits: (inout Limits) -> Void = { _ in },
        policy change: (inout Policy) -> Void = { _ in },
        without: Set<Protection> = [], request: (inout RunRequest) -> Void = { _ in }
    ) async throws -> RunResult {
        let path = try await path
        let policy = TestPolicy.make { policy in
            policy.mounts.append(.init(source: path, target: target, why: "the program of these tests"))
            limits(&policy.limits)
            change(&policy)
        }
        return try await TestSupervisor.run([target] + arguments, policy: policy, without: without, request)
    }
}
