import OrketCore
import OrketSandbox
import OrketSystem
import Synchronization

/// One self-test, from the corpus to the report.
struct SelftestSession: Sendable {
    let corpus: HostileCorpus
    let programs: [HostileProgram]
    let cheats: CheatBattery
    let policy: Policy

    /// More at once would stretch the times that the limits are about.
    private static let jobs = 2

    /// Builds, runs and judges. Throws when the sandbox cannot be had; a cancelled task returns what is done.
    func run() async throws(SandboxError) -> SelftestReport {
        let start = ContinuousClock.now
        let canaries: Canaries
        do { canaries = try Canaries() } catch { throw SandboxError(.system, "canaries: \(error)") }
        let supervisor: Supervisor
        let hasCgroup: Bool
        do throws(SandboxError) {
            supervisor = try await Supervisor()
            // Refused here, and not once per program: the policy asks for what this host cannot give.
            hasCgroup = try supervisor.shape(for: policy).plan.has(.cgroupMemory)
        } catch {
            await canaries.close()
            throw error
        }
        let progress = SelftestProgress(total: programs.count)
        let compiler = HostileCompiler(
            corpus: corpus.directory, directory: canaries.directory, jobs: Console.processorCount)
        let products = await compiler.compile(programs) { progress.built() }
        var lacks: Set<HostileProgram.Need> = []
        if Process.userID != 0 { lacks.insert(.root) }
        if !hasCgroup { lacks.insert(.cgroup) }
        let runner = HostileRunner(
            supervisor: supervisor, policy: policy, canaries: canaries, products: products, lacks: lacks)
        let crowd = programs.filter { $0.category != .resources }
        var reports = await perform(crowd, runner, jobs: Self.jobs, progress)
        // Alone: a neighbour's appetite must not decide which limit is hit first.
        reports += await perform(programs.filter { $0.category == .resources }, runner, jobs: 1, progress)
        progress.finish()
        let verdicts = Task.isCancelled ? [] : await cheats.run(supervisor)
        await supervisor.shutdown()
        await canaries.close()
        let order = Dictionary(uniqueKeysWithValues: programs.enumerated().map { ($1.name, $0) })
        return SelftestReport(
            programs: reports.sorted { order[$0.program.name]! < order[$1.program.name]! }, cheats: verdicts,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    private func perform(
        _ programs: [HostileProgram], _ runner: HostileRunner, jobs: Int, _ progress: SelftestProgress
    ) async -> [HostileReport] {
        await withTaskGroup(of: HostileReport.self) { group in
            var waiting = programs[...]
            var reports: [HostileReport] = []
            for program in waiting.prefix(jobs) { group.addTask { await runner.run(program) } }
            waiting = waiting.dropFirst(jobs)
            for await report in group {
                reports.append(report)
                progress.judged(report.verdict)
                if let next = waiting.popFirst(), !Task.isCancelled { group.addTask { await runner.run(next) } }
            }
            return reports
        }
    }
}

/// One line on a terminal's stderr that tells how far the self-test is. Silent when stderr is no terminal.
private final class SelftestProgress: Sendable {
    private struct State {
        var built = 0
        var judged = 0
        var failures = 0
    }

    private let total: Int
    private let state = Mutex(State())
    private let isVisible = Console.talksToTerminal

    init(total: Int) { self.total = total }

    func built() { change { $0.built += 1 } }

    func judged(_ verdict: HostileVerdict) {
        change { state in
            state.judged += 1
            if verdict.isFailure { state.failures += 1 }
        }
    }

    func finish() {
        if isVisible { Console.talk("\r\u{1B}[K") }
    }

    private func change(_ change: (inout State) -> Void) {
        let line = state.withLock { state in
            change(&state)
            if state.judged == 0 { return "building \(state.built)/\(total)" }
            return "running \(state.judged)/\(total)" + (state.failures > 0 ? ", \(state.failures) failed" : "")
        }
        if isVisible { Console.talk("\r\u{1B}[K" + line) }
    }
}
