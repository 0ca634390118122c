/// The template of a suite: programs, tests, and the ids that are pinned.
struct TemplateSuite {
    var program: TemplateProgram
    var testFile: String
    var tests: String
    var pinned: [String]
    private var runner: SuiteBody.Runner

    /// Nil where no runner is for the language alone, and could be proven without a compiler.
    init?(_ language: Language) {
        guard var program = TemplateProgram.function(language) else { return nil }
        if language == .python {
            runner = .unittest
            testFile = "test_solution.py"
            tests = """
                from unittest import TestCase

                from solution import total


                class TotalTest(TestCase):
                    def test_one(self):
                        self.assertEqual(total([7]), 7)

                    def test_some(self):
                        self.assertEqual(total([12, 30, 4]), 46)

                    def test_negative(self):
                        self.assertEqual(total([5, -9]), -4)

                    def test_none(self):
                        self.assertEqual(total([]), 0)

                """
            pinned = ["negative", "none", "one", "some"].map { "test_solution.TotalTest.test_\($0)" }
        } else {
            runner = .nodeTest
            testFile = "solution.test.js"
            let exports = "module.exports = { total };\n"
            program.reference += exports
            program.broken += exports
            tests = """
                const { test } = require("node:test");
                const assert = require("node:assert");
                const { total } = require("../solution.js");

                test("one", () => assert.strictEqual(total([7]), 7));
                test("some", () => assert.strictEqual(total([12, 30, 4]), 46));
                test("negative", () => assert.strictEqual(total([5, -9]), -4));
                test("none", () => assert.strictEqual(total([]), 0));

                """
            pinned = ["one", "some", "negative", "none"].map { "tests/solution.test.js > \($0)" }
        }
        self.program = program
    }

    /// What follows the head of the `fixture.yaml`.
    var tail: String {
        """
        # What runs the tests, beside the candidate.
        runner: \(runner.rawValue)
        # The pristine tests, and where they appear in the workspace: read-only.
        tests: \(testFile)
        into: tests
        # Exactly these must pass; `orket fixture pin --write` writes them.
        pinned: pinned.txt

        """
    }
}
