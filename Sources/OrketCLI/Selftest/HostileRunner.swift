import OrketCore
import OrketSandbox
import OrketSystem

/// Both runs of one program, and what they prove.
package struct HostileReport: Sendable {
    package let program: HostileProgram
    package let verdict: HostileVerdict
    /// One sentence, hostile text included.
    package let detail: String
    package let hostile: HostileObservation?
    package let control: HostileObservation?
}

/// Runs hostile programs in the sandbox, and their control runs in it or outside it.
struct HostileRunner: Sendable {
    let supervisor: Supervisor
    let policy: Policy
    let canaries: Canaries
    let products: [String: HostileCompiler.Product]
    /// What this user lacks on this host.
    let lacks: Set<HostileProgram.Need>

    /// Longest that a control run on the bare host may take, milliseconds.
    private static let hostTimeoutMs: UInt64 = 15_000

    func run(_ program: HostileProgram) async -> HostileReport {
        if let need = program.needs.first(where: lacks.contains) { return skipped(program, need.sentence) }
        var program = program
        program.isProcessLimitSilent = lacks.contains(.cgroup)
        switch products[program.name] {
        case .absent(let why): return skipped(program, why)
        case .broken(let why):
            return HostileReport(program: program, verdict: .broken, detail: why, hostile: nil, control: nil)
        case .file(let file): return await run(program, file)
        case nil:
            return HostileReport(program: program, verdict: .broken, detail: "not built", hostile: nil, control: nil)
        }
    }

    private func skipped(_ program: HostileProgram, _ why: String) -> HostileReport {
        HostileReport(program: program, verdict: .skipped, detail: why, hostile: nil, control: nil)
    }

    private func run(_ program: HostileProgram, _ file: String) async -> HostileReport {
        let hostile = await sandboxed(program, file, limits: program.limits)
        if let (verdict, detail) = HostileJudge.problem(program, hostile) {
            return HostileReport(program: program, verdict: verdict, detail: detail, hostile: hostile, control: nil)
        }
        let control =
            switch program.control {
            case .without(let protections): await sandboxed(program, file, limits: program.limits, without: protections)
            case .limits(let changed, _): await sandboxed(program, file, limits: merged(program.limits, changed))
            case .honest: await sandboxed(program, file, limits: program.limits, isHonest: true)
            case .host: await onHost(program, file)
            }
        let (verdict, detail) = HostileJudge.judge(program, hostile: hostile, control: control)
        return HostileReport(program: program, verdict: verdict, detail: detail, hostile: hostile, control: control)
    }

    /// The limits of the hostile run, with those that the control run changes.
    private func merged(_ own: [String], _ changed: [String]) -> [String] {
        let keys = Set(changed.map { $0.prefix { $0 != "=" } })
        return own.filter { !keys.contains($0.prefix { $0 != "=" }) } + changed
    }

    // MARK: - In the sandbox

    private func sandboxed(
        _ program: HostileProgram, _ file: String, limits: [String], without: Set<Protection> = [],
        isHonest: Bool = false
    ) async -> HostileObservation {
        let survivor = SurvivorScan.freshName()
        defer { SurvivorScan.kill(survivor) }
        do {
            var effective = policy
            try LimitParser.apply(limits, to: &effective.limits)
            var request = RunRequest(argv: program.argv)
            request.inputs = [
                InputFile(path: program.deliveredName, bytes: try Files.read(file, limit: 64 << 20), executable: true)
            ]
            request.environment = canaries.environment
            request.environment[SurvivorScan.variable] = survivor
            if isHonest { request.environment["ORKET_HONEST"] = "1" }
            request.outputs = program.outputs
            request.keepHeadBytes = 4 << 10
            request.keepTailBytes = 4 << 10
            var result = try await supervisor.run(request, policy: effective, without: without)
            // A bare process that starts beside holds every descriptor of ours until its exec, also that of the input.
            if result.outcome == .inconclusive, result.reasons.first?.detail.contains("Text file busy") == true {
                result = try await supervisor.run(request, policy: effective, without: without)
            }
            let survivors = SurvivorScan.find(survivor, looks: program.watchesSurvivor ? 5 : 1).count
            return observation(result, survivors: survivors)
        } catch {
            return HostileObservation(outcome: .inconclusive, text: "\(error)")
        }
    }

    private func observation(_ result: RunResult, survivors: Int) -> HostileObservation {
        let token = Array(canaries.token.utf8)
        // A program that came to its end tells what happened to it; of one that was stopped the host tells more.
        let line = Self.lastLine(result.stdout.bytes)
        let text = HostileJudge.isReport(line) ? line : result.reasons.first?.detail ?? line
        return HostileObservation(
            outcome: result.outcome, reasons: result.reasons.map(\.code), exit: result.exit, text: text,
            survivors: survivors, leaksToken: result.outputs.contains { $0.bytes.contains(token) },
            collected: result.outputs.count, milliseconds: result.usage.wallMs)
    }

    /// The last line that holds a verdict; a program may have written anything before it.
    private static func lastLine(_ bytes: [UInt8]) -> String {
        let line = bytes.split(separator: 0x0a).last ?? []
        return String(decoding: line.suffix(300), as: UTF8.self)
    }

    // MARK: - On the host

    private func onHost(_ program: HostileProgram, _ file: String) async -> HostileObservation {
        let survivor = SurvivorScan.freshName()
        // Work and streams are apart: a program may look at its own directory.
        let base = "\(canaries.directory)/host-\(program.name.replacing("/", with: "-"))"
        let (work, files) = (base + "/work", base + "/files")
        do {
            for directory in [base, work, files] { try Files.makeDirectory(directory) }
            try Canaries.create(files + "/stdin", "the caller's own file\n")
            try copy(file, to: "\(work)/\(program.deliveredName)")
        } catch {
            return HostileObservation(outcome: .inconclusive, text: error.description)
        }
        var environment = HostileCompiler.environment.merging(canaries.environment) { _, new in new }
        environment[SurvivorScan.variable] = survivor
        environment[Canaries.secretName] = "held"
        let start = ContinuousClock.now
        let count = SurvivorCount()
        let end = await HostProcess.run(
            program.argv, environment: environment, directory: work, files: files, withExtraDescriptor: true,
            timeoutMs: Self.hostTimeoutMs,
            beforeCleanUp: { if program.watchesSurvivor { count.set(SurvivorScan.find(survivor, looks: 200).count) } })
        SurvivorScan.kill(survivor)
        let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
        let text = Self.lastLine((try? Files.read(files + "/stdout", limit: 32 << 20)) ?? [])
        switch end {
        case .exited(let code):
            return HostileObservation(
                outcome: code == 0 ? .passed : .failed, exit: .exited(code), text: text, survivors: count.value,
                milliseconds: elapsed)
        case .signaled(let number):
            return HostileObservation(
                outcome: .failed, exit: .signaled(number), text: text, survivors: count.value, milliseconds: elapsed)
        case .timedOut: return HostileObservation(outcome: .failed, text: "ran into the time limit on the host")
        case .notStarted(let why): return HostileObservation(outcome: .inconclusive, text: why)
        }
    }

    private func copy(_ source: String, to path: String) throws(SystemError) {
        try Canaries.create(path, bytes: try Files.read(source, limit: 64 << 20), mode: 0o755)
    }
}
