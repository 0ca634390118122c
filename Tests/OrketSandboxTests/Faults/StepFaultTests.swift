import OrketCore
import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketSandbox

@Suite("Each step of the set-up, made to fail in turn", .serialized)
struct StepFaultTests {
    /// Names of the jail's steps, from its one table.
    private static let names: [String] = {
        let table = (try? Files.text(Checkout.root + "/Sources/orket-jail/steps.c")) ?? ""
        return table.split(separator: "\n").compactMap { line in
            let text = line.drop { $0 == " " }
            guard text.hasPrefix("{PHASE_") else { return nil }
            return text.split(separator: "\"").dropFirst().first.map(String.init)
        }
    }()

    @Test("the jail has the steps that its table names")
    func stepCount() async throws {
        #expect(try await TestSupervisor.shared.supervisor().stepCount == UInt32(Self.names.count))
    }

    @Test("nothing runs, the result names the step, nothing is left", arguments: names.indices)
    func stepFails(_ index: Int) async throws {
        var configuration = SupervisorConfiguration()
        configuration.faultStep = UInt32(index + 1)
        let supervisor = try await Supervisor(configuration: configuration)
        var footprint = try Footprint(of: supervisor)
        // Twice: what the first failure left must not be in the way of the second.
        for _ in 0..<2 {
            let request = RunRequest(argv: ["sh", "-c", "echo it ran"])
            let result = try await supervisor.run(request, policy: TestPolicy.make())
            #expect(result.outcome == .inconclusive)
            #expect(result.reasons.map(\.code) == [.sandboxSetupFailed])
            let sentence = "step \(index + 1) \(Self.names[index]): \(SystemError.text(5))"
            #expect(result.reasons.first?.detail == sentence)
            #expect(result.exit == nil && result.stdout.byteCount == 0)
            #expect(result.isolation.level == .none)
            footprint.look()
        }
        #expect(await eventually { footprint.sandboxes().isEmpty }, "\(footprint.sandboxes())")
        await supervisor.shutdown()
        #expect(await eventually { footprint.left().isEmpty }, "\(footprint.left())")
    }

    @Test("a failing step names what it failed at: a rootfs that is not there or may not be read")
    func missingRootfs() async throws {
        let source = "/root/no-such-rootfs"
        let policy = TestPolicy.make { $0.mounts = [.init(source: source, target: "/usr", why: "a fault")] }
        let result = try await TestSupervisor.run(["true"], policy: policy)
        #expect(result.outcome == .inconclusive)
        #expect(result.reasons.map(\.code) == [.sandboxSetupFailed])
        let why = SystemError.text(Process.userID == 0 ? SystemError.ENOENT : SystemError.EACCES)
        #expect(result.reasons.first?.detail == "step 2 rootfs (\(source)): \(why)")
    }

    @Test("a rootfs without the program is ours to mend")
    func emptyRootfs() async throws {
        let directory = TemporaryDirectory()
        defer { directory.remove() }
        let policy = TestPolicy.make { $0.mounts = [.init(source: directory.path, target: "/usr", why: "a fault")] }
        let result = try await TestSupervisor.run(["true"], policy: policy)
        #expect(result.outcome == .inconclusive)
        #expect(result.reasons.first?.detail.hasPrefix("exec true") == true)
    }
}
