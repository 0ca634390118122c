internal import OrketCore

/// What a run begins with: issues as they are kept, and how they hang together.
struct Preparation: Sendable {
    let graph: DependencyGraph
    /// By the number of the issue in the graph.
    let states: [IssueState]

    /// Checks the plan against itself and the store; nothing is written. Throws every defect; cycles are returned.
    static func check(_ plan: RunPlan, _ store: any WorkStore) async throws(EngineFailure) -> [GraphDefect] {
        let issues = plan.parts.flatMap(\.issues).filter { plan.only?.contains($0.id) ?? true }
        var defects: [GraphDefect] = []
        let known = Set(issues.map(\.id))
        var outside: [CardID: Bool] = [:]
        for issue in issues {
            for id in issue.dependsOn where !known.contains(id) {
                if outside[id] == nil { outside[id] = try await isKnown(id, plan, store) }
                if outside[id] == false { defects.append(.missingDependency(issue.id, on: id)) }
            }
        }
        do { _ = try graph(issues) } catch { defects += error.defects }
        let cycles = defects.filter { if case .cycle = $0 { true } else { false } }
        if cycles.count < defects.count { throw .badDependencies(defects) }
        return cycles
    }

    /// Reads what a plan is about, after it was stored.
    init(_ plan: RunPlan, _ store: any WorkStore) async throws(EngineFailure) {
        do throws(WorkStoreFailure) {
            let wanted = Set(plan.parts.flatMap { $0.issues.map(\.id) }.filter { plan.only?.contains($0) ?? true })
            var states: [IssueState] = []
            for part in plan.parts {
                states += try await store.issues(of: part.build).filter { wanted.contains($0.id) }.map(IssueState.init)
            }
            let graph: DependencyGraph
            do throws(GraphDefects) { graph = try Self.graph(states.map(\.issue)) } catch {
                let sentence = error.defects.map(\.description).joined(separator: "; ")
                throw WorkStoreFailure.conflict("what is stored of the board is not what was checked: \(sentence)")
            }
            var outside: [CardID: Bool] = [:]
            for index in states.indices {
                if states[index].stored.attempts > 0 {
                    let first = states[index].stored.countsFrom
                    states[index].attempts = try await store.attempts(at: states[index].id).filter {
                        $0.number >= first
                    }
                }
                for id in states[index].issue.dependsOn {
                    if let number = graph.number(of: id) {
                        if states[number].stored.status != .done { states[index].openDependencies += 1 }
                    } else {
                        if outside[id] == nil { outside[id] = try await store.issue(id)?.status == .done }
                        if outside[id] == false { states[index].openDependencies += 1 }
                    }
                }
            }
            self.graph = graph
            self.states = states
        } catch { throw .store(error) }
    }

    /// Of the issues alone; what they wait for outside of them is counted elsewhere.
    private static func graph(_ issues: [Issue]) throws(GraphDefects) -> DependencyGraph {
        let known = Set(issues.map(\.id))
        return try DependencyGraph(issues.map { GraphNode($0.id, dependsOn: $0.dependsOn.filter(known.contains)) })
    }

    private static func isKnown(
        _ id: CardID, _ plan: RunPlan, _ store: any WorkStore
    ) async throws(EngineFailure) -> Bool {
        if plan.parts.contains(where: { $0.issues.contains { $0.id == id } }) { return true }
        do throws(WorkStoreFailure) { return try await store.issue(id) != nil } catch { throw .store(error) }
    }
}
