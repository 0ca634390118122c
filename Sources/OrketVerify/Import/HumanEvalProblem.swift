package import OrketCore

/// A problem of HumanEval, as its data file has it.
package struct HumanEvalProblem: Sendable, Hashable {
    /// Such as `HumanEval/0`.
    package let task: String
    package let prompt: String
    package let entry: String
    package let solution: String
    package let test: String

    /// The id of its fixture: `humaneval-0`.
    package var id: String { task.lowercased().replacing("/", with: "-") }

    /// Most problems, and bytes of a data file once it is inflated.
    private static let (maximumProblems, maximumBytes) = (10_000, 64 << 20)

    /// All problems of a JSON-lines file, plain or gzip, in their order; throws all findings.
    package static func read(_ path: String) throws(InvalidInput) -> [HumanEvalProblem] {
        let bytes = try inflated(try HostFile.contents(path, maximumBytes: maximumBytes), path)
        var problems: [HumanEvalProblem] = []
        var findings: [Finding] = []
        var ids: Set<String> = []
        for (number, line) in zip(1..., bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)) {
            if line.isEmpty { continue }
            do throws(InvalidInput) {
                let problem = try decode(Array(line), file: path, line: number)
                if !ids.insert(problem.id).inserted {
                    findings.append(Finding(file: path, line: number, "duplicate task_id '\(problem.task)'"))
                }
                problems.append(problem)
            } catch {
                findings += error.findings
            }
        }
        if problems.count > maximumProblems {
            findings.append(Finding(file: path, "more than \(maximumProblems) problems"))
        }
        if problems.isEmpty && findings.isEmpty { findings.append(Finding(file: path, "no problem in it")) }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return problems
    }

    private static func inflated(_ bytes: [UInt8], _ path: String) throws(InvalidInput) -> [UInt8] {
        guard GzipInflater.isGzip(bytes) else { return bytes }
        var inflater = GzipInflater()
        var output: [UInt8] = []
        func refuse(_ problem: GzipInflater.Problem) -> InvalidInput {
            InvalidInput([Finding(file: path, problem.message)])
        }
        try inflater.feed(bytes, wrap: refuse) { piece throws(InvalidInput) in
            output += piece
            if output.count > maximumBytes {
                throw InvalidInput([Finding(file: path, "more than \(maximumBytes) bytes when inflated")])
            }
        }
        do throws(GzipInflater.Problem) {
            try inflater.finish()
        } catch {
            throw refuse(error)
        }
        return output
    }

    private static func decode(_ line: [UInt8], file: String, line number: Int) throws(InvalidInput) -> HumanEvalProblem
    {
        let json: JSONValue
        do throws(StrictJSON.Problem) {
            json = try StrictJSON.parse(line)
        } catch {
            throw InvalidInput([Finding(file: file, line: number, column: error.offset + 1, error.message)])
        }
        var findings: [Finding] = []
        func text(_ name: String) -> String {
            if let text = json[name]?.string { return text }
            findings.append(Finding(file: file, line: number, "'\(name)' must be a string"))
            return ""
        }
        let problem = HumanEvalProblem(
            task: text("task_id"), prompt: text("prompt"), entry: text("entry_point"),
            solution: text("canonical_solution"), test: text("test"))
        let isPlain = problem.id.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
                || byte == UInt8(ascii: "-")
        }
        if findings.isEmpty && !(isPlain && (1...64).contains(problem.id.utf8.count)) {
            findings.append(Finding(file: file, line: number, "'task_id' makes no id: '\(problem.task.jsonEscaped)'"))
        }
        if findings.isEmpty && (problem.entry.contains(".") || !FixtureDecoder.isDottedName(problem.entry)) {
            findings.append(Finding(file: file, line: number, "'entry_point' is no name"))
        }
        if !findings.isEmpty { throw InvalidInput(findings) }
        return problem
    }
}
