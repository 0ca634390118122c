import OrketCore
import OrketSystem
import Testing

@testable import OrketSandbox

/// Which process of the jail is killed while a program runs.
enum JailProcess: String, CaseIterable, Sendable {
    case broker, warden, pid1

    func find(_ supervisor: Supervisor, program: Int32) -> Int32? {
        switch self {
        case .broker: supervisor.jailPID
        case .warden: Process.parent(of: program).flatMap(Process.parent)
        case .pid1: Process.parent(of: program)
        }
    }
}

@Suite("A killed jail is our failure, never the program's result", .serialized)
struct KilledJailTests {
    @Test("the run is inconclusive, the tree is dead, and the next run works", arguments: JailProcess.allCases)
    func killed(_ victim: JailProcess) async throws {
        let supervisor = try await Supervisor()
        var footprint = try Footprint(of: supervisor)
        let running = Task { try await supervisor.run(RunRequest(argv: ["sleep", "7002"]), policy: TestPolicy.make()) }
        let program = try #require(
            await ProcessTree.find(arguments: ["sleep", "7002"], below: supervisor.jailPID))
        footprint.look()
        let target = try #require(victim.find(supervisor, program: program))
        Process.signal(try Process.openPIDFD(target), Process.sigkill)
        let result = try await running.value
        #expect(result.outcome == .inconclusive)
        #expect(result.reasons.map(\.code) == [.supervisorLostChild])
        #expect(result.exit == nil)
        #expect(await eventually { !ProcessTree.isAlive(program) })

        let next = try await supervisor.run(RunRequest(argv: ["echo", "alive"]), policy: TestPolicy.make())
        #expect(next.outcome == .passed, "\(next.reasons)")
        #expect(next.stdout.text == "alive\n")
        #expect(supervisor.jailPID == target ? false : true)
        footprint.look()
        await supervisor.shutdown()
        #expect(await eventually { footprint.left().isEmpty }, "\(footprint.left())")
    }

    @Test("a jail that dies between two runs is replaced before the next", arguments: [0, 2])
    func killedWhileIdle(_ poolSize: Int) async throws {
        var configuration = SupervisorConfiguration()
        configuration.poolSize = poolSize
        let supervisor = try await Supervisor(configuration: configuration)
        let policy = TestPolicy.make()
        try await supervisor.shape(for: policy).warmUp()
        for _ in 0..<3 {
            let old = supervisor.jailPID
            Process.signal(try Process.openPIDFD(old), Process.sigkill)
            #expect(await eventually { !ProcessTree.isAlive(old) })
            // Its end is seen in its own time: until then a run may still be lost, but is never wrong.
            let recovered = try await eventually {
                let result = try await supervisor.run(RunRequest(argv: ["echo", "alive"]), policy: policy)
                #expect(result.outcome == .passed || result.outcome == .inconclusive)
                return result.outcome == .passed && result.stdout.text == "alive\n"
            }
            #expect(recovered)
        }
        await supervisor.shutdown()
    }

    @Test("a program that the host kills was killed by a signal, whoever sent it")
    func killedProgram() async throws {
        let supervisor = try await TestSupervisor.shared.supervisor()
        let running = Task { try await TestSupervisor.run(["sleep", "7003"]) }
        let program = try #require(
            await ProcessTree.find(arguments: ["sleep", "7003"], below: supervisor.jailPID))
        Process.signal(try Process.openPIDFD(program), Process.sigkill)
        let result = try await running.value
        #expect(result.reasons.map(\.code) == [.signal])
    }
}
