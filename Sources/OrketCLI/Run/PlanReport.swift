import OrketCore
import OrketSandbox

/// What `orket run --plan` shows: everything that would be enforced, as compiled for this host.
struct PlanReport {
    let plan: Plan
    let policyDigest: String
    let argv: [String]
    let environment: [String: String]

    /// Compiles and prints; the exit code.
    static func show(_ preparation: RunPreparation, json: Bool) -> Int32 {
        do throws(SandboxError) {
            let plan = try PlanCompiler.compile(preparation.policy, host: HostFacts.probe())
            let environment = plan.environment.merging(preparation.request.environment) { _, new in new }
            let report = PlanReport(
                plan: plan, policyDigest: preparation.policy.digest, argv: preparation.request.argv,
                environment: environment)
            Console.result(json ? report.json.text + "\n" : plan.text)
            return 0
        } catch {
            Console.talk("orket: \(TerminalText.escape(error.description))\n")
            return Outcome.inconclusive.exitCode
        }
    }

    /// `orket.plan/1`, described in docs/formats/plan.schema.json. `digest` is the SHA-256 of `text`.
    var json: JSONValue {
        let variables = environment.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }
        return .object([
            .init("schema", .string("orket.plan/1")), .init("policy", .string(plan.policy)),
            .init("policyDigest", .string(policyDigest)), .init("digest", .string(plan.digest)),
            .init("level", .integer(Int64(plan.level.rawValue))),
            .init("degraded", .array(plan.degraded.map { .string($0.rawValue) })),
            .init("protections", .array(Protection.allCases.filter(plan.has).map { .string($0.rawValue) })),
            .init("limits", plan.limits.json), .init("argv", .array(argv.map { .string($0) })),
            .init("environment", .object(variables)), .init("text", .string(plan.text)),
        ])
    }
}
