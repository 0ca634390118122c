import OrketCore
import OrketSandbox

/// Compiles in sandboxes of their own, or takes what an earlier compilation of the very same left.
struct Compiler: Sendable {
    private let sandbox: any SandboxRunner
    private let policies: ToolchainPolicies
    private let cache: CompileCache?

    init(sandbox: any SandboxRunner, policies: ToolchainPolicies, cache: CompileCache?) {
        (self.sandbox, self.policies, self.cache) = (sandbox, policies, cache)
    }

    /// What the sandbox of the compiler saw, or would have seen again; `use` is nil where nothing is ever reused.
    func compile(
        _ files: [InputFile], _ language: Language, argv: [String], limits: [LimitKey: UInt64]
    ) async -> (result: RunResult, use: CompileUse?) {
        let sandbox = sandbox
        let compilation = Compilation(
            language: language, argv: argv, files: files, policy: policies.compile(language, limits: limits))
        guard let cache, language.hasCompiler else {
            return (await sandbox.perform(compilation.request, compilation.policy), nil)
        }
        return await cache.result(of: compilation) { await sandbox.perform($0.request, $0.policy) }
    }
}
