import OrketCore
import OrketSandbox

/// What the command line said, as text.
struct RunArguments: Sendable {
    var policy = "default"
    var limits: [String] = []
    var binds: [String] = []
    var environment: [String] = []
    var outputs: [String] = []
    var input: String?
    var argv: [String] = []
}

/// What it means: checked as a whole, so that a run is refused with all its findings before anything starts.
struct RunPreparation: Sendable {
    let policy: Policy
    let request: RunRequest
    let outputs: [OutputArgument]

    /// Reads policy, limits, files and names. Throws every finding.
    init(_ arguments: RunArguments) throws(InvalidInput) {
        var collected = Findings()
        var policy = collected.take { () throws(InvalidInput) in try PolicyStore.locate().load(arguments.policy) }
        var limits = policy?.limits ?? Limits()
        collected.take { () throws(InvalidInput) in try LimitParser.apply(arguments.limits, to: &limits) }
        policy?.limits = limits
        let binds = Self.binds(arguments.binds, &policy, &collected)
        let environment = collected.take(EnvironmentArgument.parse(arguments.environment)) ?? [:]
        outputs = Self.outputs(arguments.outputs, &collected)
        var request = RunRequest(argv: arguments.argv)
        request.stdin = collected.take(arguments.input.map(RunInput.open) ?? .success(RunInput.callers)) ?? .empty
        request.environment = environment
        request.outputs = outputs.map { OutputFile(path: $0.path, maximumBytes: Int(clamping: limits.fsizeBytes)) }
        // A bind that was refused would make its program look missing, too.
        let isWhole = binds.count == arguments.binds.count
        collected.add(Self.programFindings(arguments.argv, isWhole ? policy : nil, environment))
        guard let policy, collected.all.isEmpty else { throw InvalidInput(collected.all) }
        for name in policy.passEnvironment where request.environment[name] == nil {
            request.environment[name] = EnvironmentArgument.callersValue(name)
        }
        self.policy = policy
        self.request = request
    }

    private static func binds(
        _ texts: [String], _ policy: inout Policy?, _ collected: inout Findings
    ) -> [BindArgument] {
        let binds = texts.compactMap { collected.take(BindArgument.parse($0)) }
        var targets: Set<String> = []
        // Outer ones first: what lies in another is checked against it.
        for bind in binds.sorted(by: { $0.target < $1.target }) {
            if !targets.insert(bind.target).inserted {
                collected.add([Finding(file: "--bind", "\(bind.target) is given twice; give it once")])
            }
            if let finding = policy?.add(bind) { collected.add([finding]) }
        }
        return binds
    }

    private static func outputs(_ texts: [String], _ collected: inout Findings) -> [OutputArgument] {
        let outputs = texts.compactMap { collected.take(OutputArgument.parse($0)) }
        var files: Set<String> = []
        for output in outputs where !files.insert(output.file).inserted {
            collected.add([Finding(file: "--output", "\(output.file) would be written twice; name two files")])
        }
        return outputs
    }

    private static func programFindings(
        _ argv: [String], _ policy: Policy?, _ environment: [String: String]
    ) -> [Finding] {
        guard let program = argv.first else {
            return [Finding(file: "ARGV", "no program is named; write it after --, as in: orket run -- /usr/bin/id")]
        }
        guard let policy else { return [] }
        let path = environment["PATH"] ?? policy.environment["PATH"] ?? ""
        return ProgramFinder(policy: policy, searchPath: path).problem(with: program).map {
            [Finding(file: "ARGV", $0)]
        } ?? []
    }
}

extension Policy {
    fileprivate mutating func add(_ bind: BindArgument) -> Finding? { bind.add(to: &self) }
}

/// Findings of several sources, in the order in which they were looked at.
private struct Findings {
    private(set) var all: [Finding] = []

    mutating func add(_ findings: [Finding]) { all += findings }

    /// The value, or nil and its findings noted.
    mutating func take<Value>(_ result: Result<Value, InvalidInput>) -> Value? {
        switch result {
        case .success(let value): return value
        case .failure(let error):
            all += error.findings
            return nil
        }
    }

    @discardableResult
    mutating func take<Value>(_ work: () throws(InvalidInput) -> Value) -> Value? {
        do throws(InvalidInput) { return try work() } catch {
            all += error.findings
            return nil
        }
    }
}
