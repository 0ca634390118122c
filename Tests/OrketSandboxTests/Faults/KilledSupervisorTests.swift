import OrketSystem
import OrketTestSupport
import Testing

@testable import OrketSandbox

@Suite("A supervisor killed at any moment leaves nothing that the next start does not remove", .serialized)
struct KilledSupervisorTests {
    private static let batches = 10
    private static let perBatch = 5

    @Test("kill -9 at 50 random moments")
    func killedAtRandomMoments() async throws {
        // On v2 this also makes the cgroup of this process one that hands controllers down, to the drivers as well.
        let hasCgroups = try await TestSupervisor.shared.supervisor().host.cgroupVersion != nil
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        let token = "orket-token-\(Process.processID)"
        let script = "head -c 100000 /dev/zero > /tmp/x; sleep 0.02 & (sleep 60 &) ; wait $!"
        var orphans = 0
        for _ in 0..<Self.batches {
            let pids = try await withThrowingTaskGroup(of: Int32.self) { group in
                for number in 0..<Self.perBatch {
                    group.addTask {
                        let driver = try DriverProcess(
                            place, ["--runs", "0", "--parallel", "2", "--pool", "1"],
                            command: ["sh", "-c", script, token])
                        // Some while they still start, however slow this machine is; the others while they work.
                        if number > 1 {
                            _ = await eventually { driver.program.written.contains("ready") }
                        }
                        try await Task.sleep(nanoseconds: UInt64.random(in: 1_000_000...250_000_000))
                        driver.program.kill()
                        _ = await driver.program.finished()
                        return driver.program.pid
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            // No reaper needed: each process dies with the one that made it.
            #expect(await eventually { place.jailProcesses().isEmpty && Self.payloads(token).isEmpty })
            orphans += pids.flatMap { CgroupPaths.directories(named: "-\($0)-") }.count
            let reaped = try await place.reap()
            #expect(reaped.status == 0, "\(reaped.text)")
            for pid in pids { #expect(CgroupPaths.directories(named: "-\(pid)-").isEmpty) }
            #expect(try Files.names(in: place.state).isEmpty)
        }
        // Else nothing was there to be reaped, and this proved nothing.
        #expect(orphans > 0 || !hasCgroups)
        #expect(try Files.names(in: place.directory.path).sorted() == ["orket-jail", "state"])
        let mounts = try Files.text("/proc/self/mountinfo")
        #expect(!mounts.contains(" orket "))
    }

    private static func payloads(_ token: String) -> [Int32] {
        ProcessTree.all { ProcessTree.commandLine($0).last == token }
    }

    @Test("the reaper leaves a living supervisor alone")
    func sparesTheLiving() async throws {
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        let driver = try DriverProcess(place, ["--runs", "0", "--gate"], command: ["true"])
        #expect(try await driver.next().outcome == "passed")
        for _ in 0..<3 { #expect(try await place.reap().text == "reaped 0\n") }
        #expect(try await driver.next().outcome == "passed")
        #expect(await driver.finish().status == 0)
        #expect(try Files.names(in: place.state).isEmpty)
    }

    @Test("descriptors do not grow over many runs")
    func descriptorsStay() async throws {
        let place = try await DriverProcess.Place()
        defer { place.directory.remove() }
        func descriptors(after runs: Int) async throws -> String? {
            let driver = try DriverProcess(
                place, ["--runs", "\(runs)", "--parallel", "4", "--pool", "1"], command: ["true"])
            let end = await driver.finish()
            let outcomes = driver.runs.map(\.outcome)
            #expect(outcomes == [String](repeating: "passed", count: runs), "\(end.status) \(outcomes.count)")
            return end.lines.first { $0.hasPrefix("descriptors ") }
        }
        let few = try #require(try await descriptors(after: 8)), many = try #require(try await descriptors(after: 200))
        // A sandbox on its way out, or one just made for the pool, may differ.
        let numbers = [few, many].compactMap { Int($0.dropFirst("descriptors ".count)) }
        #expect(abs(numbers[1] - numbers[0]) < 40, "\(few), \(many)")
    }
}
