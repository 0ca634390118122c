import ArgumentParser
package import OrketCore
import OrketReports
package import OrketSandbox

/// What a `policy` command found, as text for people and as `orket.policy/1`.
package struct PolicyReport: Sendable {
    /// For stdout.
    package var text: String
    /// Members after `schema`, `command`, `valid` and `findings`.
    package var members: [JSONValue.Member]
    package var command: String
    /// Empty unless something was refused.
    package var findings: [Finding] = []

    /// One JSON object, described in docs/formats/policy-report.schema.json.
    package var json: JSONValue {
        .object(
            [
                .init("schema", .string("orket.policy/1")), .init("command", .string(command)),
                .init("valid", .bool(findings.isEmpty)), .init("findings", .array(findings.map(Self.json))),
            ] + members)
    }

    // MARK: - The four commands

    /// The findings of every policy, and the digests of those without any.
    package static func check(_ policies: [String], in store: PolicyStore) -> PolicyReport {
        var report = PolicyReport(text: "", members: [], command: "check")
        var checked: [JSONValue] = []
        for policy in policies {
            do throws(InvalidInput) {
                let resolved = try store.resolve(policy, allowsFoundation: true)
                report.text += "\(TerminalText.escape(policy)): valid, \(resolved.rules.count) rules\n"
                checked.append(
                    .object([
                        .init("policy", .string(policy)), .init("name", .string(resolved.policy.name)),
                        .init("digest", .string(resolved.policy.digest)),
                    ]))
            } catch {
                // Two policies on one defective foundation would show its findings twice.
                report.findings += error.findings.filter { !report.findings.contains($0) }
            }
        }
        report.members = [.init("policies", .array(checked))]
        return report
    }

    /// Every rule of one policy.
    package static func explain(_ resolved: ResolvedPolicy) -> PolicyReport {
        let chain = resolved.chain.map { link in
            JSONValue.object([
                .init("name", .string(link.name)), .init("file", .string(link.file)), .init("why", .string(link.why)),
            ])
        }
        let rules = resolved.rules.map { rule in
            JSONValue.object([
                .init("kind", .string(rule.kind.rawValue)), .init("subject", .string(rule.subject)),
                .init("value", .string(rule.value)), .init("why", .string(rule.why)),
                .init("origin", .string(rule.origin)), .init("file", .string(rule.file)),
                .init("line", .integer(Int64(rule.line))),
            ])
        }
        return PolicyReport(
            text: resolved.explanation,
            members: [
                .init("policies", .array([summary(resolved)])), .init("chain", .array(chain)),
                .init("rules", .array(rules)),
            ], command: "explain")
    }

    /// A digest for each policy.
    package static func digest(_ policies: [ResolvedPolicy], showsCanonicalText: Bool) -> PolicyReport {
        let lines = policies.map { resolved in
            showsCanonicalText
                ? resolved.policy.canonicalText
                : "\(resolved.policy.digest)  \(TerminalText.escape(resolved.policy.name))\n"
        }
        return PolicyReport(
            text: lines.joined(), members: [.init("policies", .array(policies.map(summary)))], command: "digest")
    }

    /// A line for each policy.
    package static func list(_ policies: [ResolvedPolicy]) -> PolicyReport {
        var table = TextTable(["POLICY", "WHY"])
        for resolved in policies { table.add([resolved.policy.name, resolved.policy.why]) }
        return PolicyReport(
            text: table.text, members: [.init("policies", .array(policies.map(summary)))], command: "list")
    }

    // MARK: - Shared by the commands

    /// Loads all policies; throws the findings of all of them.
    package static func resolve(_ names: [String], in store: PolicyStore) throws(InvalidInput) -> [ResolvedPolicy] {
        var resolved: [ResolvedPolicy] = []
        var findings: [Finding] = []
        for name in names {
            do throws(InvalidInput) {
                resolved.append(try store.resolve(name))
            } catch {
                findings += error.findings.filter { !findings.contains($0) }
            }
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return resolved
    }

    /// Makes the report, prints it, and ends with exit status 2 when something was refused.
    static func run(
        _ command: String, json: Bool, _ make: (PolicyStore) throws(InvalidInput) -> PolicyReport
    ) throws {
        var report = PolicyReport(text: "", members: [], command: command)
        do throws(InvalidInput) {
            report = try make(try PolicyStore.locate())
        } catch {
            report.findings = error.findings
        }
        Console.result(json ? report.json.text + "\n" : report.text)
        if report.findings.isEmpty { return }
        if !json { Console.report(InvalidInput(report.findings)) }
        throw ExitCode(2)
    }

    private static func summary(_ resolved: ResolvedPolicy) -> JSONValue {
        .object([
            .init("name", .string(resolved.policy.name)), .init("digest", .string(resolved.policy.digest)),
            .init("why", .string(resolved.policy.why)),
        ])
    }

    private static func json(_ finding: Finding) -> JSONValue {
        .object([
            .init("file", .string(finding.file)), .init("line", finding.line.map { .integer(Int64($0)) } ?? .null),
            .init("column", finding.column.map { .integer(Int64($0)) } ?? .null),
            .init("message", .string(finding.message)),
        ])
    }
}
