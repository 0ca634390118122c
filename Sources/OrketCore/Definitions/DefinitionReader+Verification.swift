extension DefinitionReader {
    /// What an issue is verified with.
    mutating func verification(_ node: DocumentNode?, of issue: CardID) -> IssueVerification {
        typealias Key = IssueVerification.Key
        var verification = IssueVerification()
        guard let node, let members = members(node, "`verification`", Key.spellings) else { return verification }
        if members[Key.fixture] != nil, members[Key.fixtures] != nil {
            report(members.place(Key.fixture), "give `fixture_path` or `fixtures`, not both")
        }
        let single = members[Key.fixture].map { [$0] } ?? []
        for node in single + list(members[Key.fixtures], "fixtures") {
            guard let path = text(node, "fixtures") else { continue }
            if let problem = Self.pathProblem(path) {
                report(node.place, "the fixture \(CanonicalText.quote(path)) \(problem)")
            } else if verification.fixtures.contains(path) {
                report(node.place, "the fixture '\(path)' is named twice")
            } else {
                verification.fixtures.append(path)
                references.append(DefinitionReference(.fixture, path, at: node.place, owner: issue))
            }
        }
        for node in list(members[Key.scenarios], "scenarios") {
            guard let scenario = scenario(node) else { continue }
            if verification.scenarios.contains(where: { $0.id == scenario.id }) {
                report(node.place, "duplicate scenario id \(CanonicalText.quote(scenario.id))")
            }
            verification.scenarios.append(scenario)
        }
        verification.lastRun = lastRun(members[Key.lastRun])
        return verification
    }

    /// A path beneath a directory: what would lead out of it, or nowhere, is refused.
    package static func pathProblem(_ path: String) -> String? {
        if path.utf8.count > 1_024 { return "is longer than 1024 bytes" }
        if path.unicodeScalars.contains(where: \.isDeceptive) { return "contains a control character" }
        if path.hasPrefix("/") { return "is absolute; write it relative to the board's `fixtures` directory" }
        for part in path.split(separator: "/", omittingEmptySubsequences: false) {
            if part.isEmpty { return "has an empty component" }
            if part == "." || part == ".." { return "has a component '\(part)'" }
        }
        return nil
    }

    private mutating func scenario(_ node: DocumentNode) -> VerificationScenario? {
        typealias Key = VerificationScenario.Key
        guard let members = members(node, "a scenario", Key.spellings) else { return nil }
        let id = text(required(members, Key.id, "a scenario"), "id")
        let description = text(required(members, Key.description, "a scenario"), "description")
        let input = required(members, Key.input, "a scenario").map { _ in object(members[Key.input], "input_data") }
        let expected = required(members, Key.expected, "a scenario").flatMap { $0.json(&findings) }
        guard let id, let description, let input, let expected else { return nil }
        var scenario = VerificationScenario(id: id, description: description, input: input, expected: expected)
        scenario.actual = members[Key.actual].flatMap { $0.json(&findings) }
        if let status = word(members[Key.status], "status", VerificationScenario.Status.self) {
            scenario.status = status
        }
        return scenario
    }

    private mutating func lastRun(_ node: DocumentNode?) -> VerificationSummary? {
        typealias Key = VerificationSummary.Key
        guard let node, let members = members(node, "`last_run`", Key.spellings) else { return nil }
        let range: ClosedRange<Int64> = 0...1_000_000_000
        let time = moment(required(members, Key.timestamp, "`last_run`"), "timestamp")
        let passed = integer(required(members, Key.passed, "`last_run`"), "passed", in: range)
        let failed = integer(required(members, Key.failed, "`last_run`"), "failed", in: range)
        let total = integer(members[Key.total], "total_scenarios", in: range)
        let logs = texts(members[Key.logs], "logs")
        guard let time, let passed, let failed else { return nil }
        let summary = VerificationSummary(timestamp: time, passed: Int(passed), failed: Int(failed), logs: logs)
        if let total, let summary, Int(total) != summary.total {
            report(
                members.place(Key.total), "`total_scenarios` is \(total), and passed and failed make \(summary.total)")
        }
        return summary
    }

    /// Nil when it is absent.
    mutating func metrics(_ node: DocumentNode?) -> IssueMetrics? {
        typealias Key = IssueMetrics.Key
        guard let node, let members = members(node, "`metrics`", Key.spellings) else { return nil }
        var metrics = IssueMetrics()
        let range = -1_000_000.0...1_000_000.0
        metrics.score = number(members[Key.score], "score", in: range) ?? metrics.score
        metrics.grade = word(members[Key.grade], "grade", IssueMetrics.Grade.self) ?? metrics.grade
        metrics.auditedAt = moment(members[Key.auditDate], "audit_date")
        metrics.shippabilityThreshold =
            number(members[Key.shippabilityThreshold], "shippability_threshold", in: range)
            ?? metrics.shippabilityThreshold
        metrics.pathDelta = number(members[Key.pathDelta], "path_delta", in: range) ?? metrics.pathDelta
        let scores = pairs(members[Key.criteriaScores], "criteria_scores") { reader, node, what in
            reader.number(node, what, in: range)
        }
        metrics.criteriaScores = Dictionary(scores.map { ($0.key, $0.value) }) { $1 }
        return metrics
    }
}
