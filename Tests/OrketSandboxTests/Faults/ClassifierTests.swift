import OrketCore
import Testing

@testable import OrketSandbox

@Suite("Who ended the program is known, not guessed")
struct ClassifierTests {
    private func facts(_ change: (inout RunFacts) -> Void) -> [ReasonCode] {
        var facts = RunFacts(limits: Limits())
        facts.exit = .signaled(9)
        facts.oomKills = 0
        facts.usage.memoryMetric = "memory.peak"
        change(&facts)
        return Classifier.classify(facts).reasons.map(\.code)
    }

    private static let limit = Limits().memoryBytes

    @Test("without a cgroup a peak above the limit is one reason, whoever saw it first")
    func memoryWithoutCgroup() {
        for cause in [nil, KillCause.memorySampled] {
            let codes = facts {
                $0.oomKills = nil
                $0.exit = cause == nil ? .exited(0) : .signaled(9)
                $0.killCause = cause
                $0.usage.memoryPeakBytes = Self.limit + 4096
            }
            #expect(codes == [.memory])
        }
    }

    @Test("what the host has no descriptor or memory to collect is its failure, and no word about the program")
    func lostArtifacts() {
        #expect(
            facts {
                $0.exit = .exited(0); $0.lostArtifacts = ["a: too many open files"];
                $0.rejectedArtifacts = ["b: a link"]
            } == [.hostResource])
    }

    @Test("an OOM kill at the limit is the program's, one far below it is the host's")
    func memory() {
        #expect(
            facts {
                $0.oomKills = 1; $0.usage.memoryPeakBytes = Self.limit
            } == [.memory])
        #expect(
            facts {
                $0.oomKills = 1; $0.usage.memoryPeakBytes = Self.limit - 4096
            } == [.memory])
        #expect(
            facts {
                $0.oomKills = 1; $0.usage.memoryPeakBytes = Self.limit / 2
            } == [.hostResource])
        // A child that was killed counts as much as the main process.
        #expect(
            facts {
                $0.oomKills = 1; $0.exit = .exited(0)
            } == [.hostResource])
        // Where the kernel keeps no peak there is only the count.
        #expect(
            facts {
                $0.oomKills = 1; $0.usage.memoryMetric = "maxrss"
            } == [.memory])
        #expect(
            facts {
                $0.oomKills = 0; $0.usage.memoryPeakBytes = Self.limit / 2
            } == [.signal])
    }

    @Test("our own kill names its cause, whatever else was counted")
    func ownKills() {
        let causes: [(KillCause, ReasonCode)] = [
            (.wallTime, .wallTime), (.cpuTime, .cpuTime), (.idleTime, .idleTime), (.outputLimit(.stdout), .outputLimit),
            (.outputLimit(.stderr), .outputLimit), (.memorySampled, .memory), (.cancelled, .cancelled),
        ]
        for (cause, code) in causes {
            #expect(facts { $0.killCause = cause } == [code])
            #expect(
                facts {
                    $0.killCause = cause; $0.usage.memoryPeakBytes = Self.limit
                } == [code])
        }
    }

    @Test("what is missing is never a pass")
    func missing() {
        #expect(facts { $0.exit = nil } == [.supervisorLostChild])
        #expect(
            facts {
                $0.exit = .exited(0); $0.survivors = [7]
            } == [.supervisorLostChild])
        #expect(
            facts { $0.setupFailure = Wire.Failure(step: 3, errno: 5, index: 0, name: "x", subject: "") }
                == [.sandboxSetupFailed])
        #expect(facts { $0.exit = .exited(0) }.isEmpty)
    }
}
