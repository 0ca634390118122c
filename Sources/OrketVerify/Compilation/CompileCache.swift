import OrketCore
import OrketSystem

/// What compilations left, for the next verification of the very same sources under the same policy with the same toolchain.
///
/// Theory of operation: the key is a digest over everything that the result depends on. Whoever is first compiles; who comes
/// meanwhile waits for that, so a candidate that fifty fixtures judge at a time is compiled once. What succeeded goes to the
/// shelf on the disk. What failed is shared with those who wait, and is gone then: a limit that was met, or a compiler that
/// lacked something, may end otherwise next time.
package actor CompileCache {
    private let shelf: CompileShelf
    private let toolchains: [Language: String]
    private let reuses: Bool
    private var flights: [String: Task<Landed, Never>] = [:]
    /// The first thing that could not be kept, for people; compiling goes on without.
    package private(set) var problem: String?

    private struct Landed: Sendable {
        var result: RunResult
        /// Taken from the shelf.
        var isReused: Bool
        var problem: StorageError?
    }

    /// A cache on `shelf`; `toolchains` has the identity of each language's programs. Without `reuses` everything is compiled
    /// anew, and kept.
    package init(_ shelf: CompileShelf, toolchains: [Language: String], reuses: Bool) {
        (self.shelf, self.toolchains, self.reuses) = (shelf, toolchains, reuses)
    }

    /// The result of `compilation`, made by `compile` unless it is there. A reused one used nothing.
    func result(
        of compilation: Compilation, compile: @escaping @Sendable (Compilation) async -> RunResult
    ) async -> (result: RunResult, use: CompileUse?) {
        // Of a language without identity nobody can say that its compiler is the same.
        guard let toolchain = toolchains[compilation.language] else { return (await compile(compilation), nil) }
        let key = compilation.key(toolchain: toolchain)
        if reuses, let flight = flights[key], let shared = Self.shared(await flight.value.result) {
            return (shared, CompileUse(key: key, isReused: true))
        }
        let (shelf, reuses) = (shelf, reuses)
        let flight = Task {
            if reuses, let kept = await Blocking.run({ shelf.take(key) }) {
                return Landed(result: kept, isReused: true)
            }
            let result = await compile(compilation)
            let isKept = VerdictRules.compileVerdict(result) == nil
            return Landed(
                result: result, isReused: false, problem: isKept ? await Blocking.run { shelf.put(result, key) } : nil)
        }
        let isShared = flights[key] == nil
        if isShared { flights[key] = flight }
        let landed = await withTaskCancellationHandler {
            await flight.value
        } onCancel: {
            flight.cancel()
        }
        if isShared { flights[key] = nil }
        problem = problem ?? landed.problem.map { "\($0)" }
        return (landed.result, CompileUse(key: key, isReused: landed.isReused))
    }

    /// Brings the shelf back to its bound. To be called once nothing compiles any more.
    package func close() async {
        let shelf = shelf
        let failure = await Blocking.run { shelf.trim() }
        problem = problem ?? failure.map { "\($0)" }
    }

    /// Nil for what says nothing about the sources: our side failed, or was told to stop.
    private static func shared(_ result: RunResult) -> RunResult? {
        if result.outcome == .inconclusive || result.outcome == .cancelled { return nil }
        var result = result
        result.usage = Usage()
        return result
    }
}
