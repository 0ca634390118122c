import OrketCore

extension HumanEvalProblem {
    private static let module = "solution"

    /// The candidate that the data file calls right: the prompt with its body.
    package var reference: String { prompt + solution }

    /// The prompt, whose helpers tests may use, the candidate under its own name, and the test. The harness of HumanEval runs
    /// prompt, solution and test as one program, which ends with a call of `check`.
    package var checker: String {
        prompt + "\n\nfrom \(Self.module) import \(entry)\n" + test + "\n"
    }

    /// The files of its fixture, by their names.
    package var files: [(name: String, text: String)] {
        [
            ("fixture.yaml", yaml), ("\(Self.module).py", reference), ("check.py", checker), ("prompt.py", prompt),
        ]
    }

    private var yaml: String {
        """
        schema: 1
        id: \(id)
        kind: check
        why: "\(task.jsonEscaped) of OpenAI's HumanEval, MIT licence: its own test, unmodified, against a candidate in a sandbox of its own."
        language: python
        source: \(Self.module).py
        limits: {wall: 20s, cpu: 10s}
        controls:
          baseline: prompt.py
        checker: check.py
        style: function
        entries: ["\(entry.jsonEscaped)"]

        """
    }
}
