import OrketCore
import OrketSystem
import Testing

@testable import OrketSandbox

@Suite("Many sandboxes at once", .serialized)
struct ConcurrencyTests {
    @Test("200 at the same time: none is lost, each has its own bytes, descriptors, files and processes")
    func twoHundred() async throws {
        let supervisor = try await TestSupervisor.shared.supervisor()
        let before = Process.proportionalBytes(Process.processID, withTree: supervisor.jailPID)
        let policy = TestPolicy.make()
        let script = "cat; ls /box /proc/$$/fd; ls /proc | grep -c '^[0-9]'; touch /box/mine /tmp/mine"
        let results = try await withThrowingTaskGroup(of: (Int, RunResult).self) { group in
            for number in 0..<200 {
                group.addTask {
                    var request = RunRequest(argv: ["sh", "-c", script])
                    request.stdin = .bytes(Array("token \(number)\n".utf8))
                    request.inputs = [InputFile(path: "given-\(number)", bytes: [])]
                    request.collectAll = CollectBounds()
                    return (number, try await supervisor.run(request, policy: policy))
                }
            }
            return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        #expect(results.count == 200)
        for (number, result) in results {
            #expect(result.outcome == .passed, "\(number): \(result.reasons)")
            let lines = result.stdout.text.split(separator: "\n").map(String.init)
            #expect(lines.first == "token \(number)")
            #expect(lines.filter { $0.hasPrefix("given-") } == ["given-\(number)"])
            #expect(lines.filter { Int($0) != nil }.prefix(3) == ["0", "1", "2"])
            #expect(Set(result.outputs.map(\.path)) == ["given-\(number)", "mine"])
        }
        // What 200 runs leave behind in the supervisor, its jail included: far less than what one program may use.
        let after = Process.proportionalBytes(Process.processID, withTree: supervisor.jailPID)
        #expect(after < before + 192 << 20, "\(before >> 20) MiB before, \(after >> 20) MiB after")
    }

    @Test("each of 100 live programs has a host user, a network and a process number space of its own")
    func nothingShared() async throws {
        let supervisor = try await TestSupervisor.shared.supervisor()
        let isRootless = supervisor.host.isRootless
        let results = try await withThrowingTaskGroup(of: RunResult.self) { group in
            let arrivals = Barrier(count: 100)
            for _ in 0..<100 {
                group.addTask {
                    try await Probe.run(
                        ["sleep", "600000"],
                        request: { request in
                            request.onStart = { control in
                                Task {
                                    await arrivals.arriveAndWait()
                                    control.cancel()
                                }
                            }
                        })
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.allSatisfy { $0.outcome == .cancelled })
        for name in ["pid", "mnt", "net", "ipc", "user"] {
            #expect(Set(results.compactMap { $0.isolation.mechanisms["ns.\(name)"] }).count == 100, "\(name)")
        }
        // An ordinary user has but one identity to give.
        #expect(Set(results.compactMap { $0.isolation.mechanisms["uidMap"] }).count == (isRootless ? 1 : 100))
    }
}

/// Lets nobody pass before all have come: so many are alive at the same moment.
private actor Barrier {
    private var missing: Int
    private var waiters: [CheckedContinuation<Void, Never>] = []

    init(count: Int) { missing = count }

    func arriveAndWait() async {
        missing -= 1
        if missing == 0 {
            for waiter in waiters { waiter.resume() }
            waiters = []
            return
        }
        await withCheckedContinuation { waiters.append($0) }
    }
}
