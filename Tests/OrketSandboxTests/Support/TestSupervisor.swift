import OrketCore
import OrketSandbox
import Testing

/// One supervisor for the tests of this process: starting a jail for each would measure little else.
actor TestSupervisor {
    static let shared = TestSupervisor()
    private var started: Task<Supervisor, any Error>?

    func supervisor() async throws -> Supervisor {
        if started == nil { started = Task { try await Supervisor() } }
        return try await started!.value
    }

    static func run(
        _ argv: [String], policy: Policy = TestPolicy.make(), without: Set<Protection> = [],
        _ change: (inout RunRequest) -> Void = { _ in }
    ) async throws -> RunResult {
        var request = RunRequest(argv: argv)
        change(&request)
        return try await shared.supervisor().run(request, policy: policy, without: without)
    }
}

extension CapturedStream {
    var text: String { String(decoding: bytes, as: UTF8.self) }
}
