#!/usr/bin/env python3
"""Points the attacks of the PyPI package gradecheck at `orket verify`, and shows that every one of them is resisted.

Usage: PYTHON Tests/Batteries/run_gradecheck.py ORKET [--json]

PYTHON is that of the environment which `.ci/packages gradecheck` makes. ORKET is the program to attack; policies are found
as it finds them (ORKET_POLICIES names others).

Two batteries: attacks on a tree (`gradecheck run`), once for each kind of fixture, and attacks by text in the place of a
solution (`gradecheck verifiers`). The second is given an environment object that is made here, because its loader wants
the package `verifiers` and an environment that was installed with it; the attacks, their payloads and their judgement are
the package's own. Controls: what is solved honestly is a pass, and graders that are weak are fooled by the same attacks.

Exit status: 0 all resisted and all controls hold, 1 not so.
"""

import json
import shlex
import shutil
import subprocess
import sys
import tempfile
import types
from pathlib import Path

from gradecheck import completion_attacks, environment, runner
from gradecheck.verifiers_env import VerifiersEnv

HERE = Path(__file__).resolve().parent / "tasks"
# A report in one line: what ended well has no failure, and what ended badly may have passed in part.
MARKER = '"failed":0,'
SCORE = r'"summary":\{(?=[^}]*"passed":(\d+))"tests":(\d+)'


class Tree:
    """One battery against a tree: what it found, and the reward of every submission that was graded for it."""

    def __init__(self, name, command, source, workspace=HERE / "task"):
        self.name = name
        self.grades = []
        with tempfile.TemporaryDirectory(prefix="orket-gradecheck-") as directory:
            config = Path(directory) / "gradecheck.toml"
            config.write_text(
                f"[env]\nname = {json.dumps(name)}\nworkspace = {json.dumps(str(workspace))}\n"
                f'source_globs = ["*.py"]\n[grade]\ncmd = {json.dumps(command)}\ncwd = {json.dumps(str(HERE))}\ntimeout = 300\n'
                f"pass_marker = {json.dumps(MARKER)}\nsource = {json.dumps([str(source)])}\n"
                f"score = [{{ regex = {json.dumps(SCORE)} }}]\n"
            )
            whole = environment.Environment.grade

            def recorded(subject, tree):
                grade = whole(subject, tree)
                self.grades.append(grade)
                return grade

            environment.Environment.grade = recorded
            try:
                self.findings = runner.run(config).findings
            finally:
                environment.Environment.grade = whole
            self.spec = environment.EnvSpec.load(config)

    def verdicts(self):
        return [(finding.attack, finding.verdict) for finding in self.findings if finding.verdict != "info"]

    def reward(self, files):
        """The reward of the tree with these files in place of its own."""
        subject = environment.Environment(self.spec)
        tree = subject.materialize()
        try:
            for name, text in files.items():
                (tree / name).write_text(text)
            return subject.grade(tree).reward
        finally:
            shutil.rmtree(tree.parent)


def trees(orket):
    """A tree and the honest solution of each kind of fixture."""
    verify = f"{shlex.quote(orket)} verify --no-evidence --format ctrf"
    for kind, source in [
        ("suite", "tests/test_leap.py"),
        ("check", "checker.py"),
        ("keywords", "checker.py"),
        ("function", "fixture.yaml"),
        ("cli", "fixture.yaml"),
        ("command", "fixture.yaml"),
    ]:
        # A suite takes the whole tree, other kinds the file of it that they ask for.
        candidate = "{workspace}" if kind == "suite" else "{workspace}/leap.py"
        fixture = HERE / kind
        tree = Tree(kind, f"{verify} {shlex.quote(str(fixture))} --candidate {candidate}", fixture / source)
        yield tree, {"leap.py": (fixture / "leap.py").read_text()}


class Parser:
    """The form of an answer, as environments ask for one."""

    answer_field = "answer"

    def format(self, answer):
        return f"<answer>\n{answer}\n</answer>"

    def source(self, text):
        head, tag, rest = text.partition("<answer>\n")
        return rest.partition("\n</answer>")[0] if tag else text


def completions(reward):
    """What the attacks by text find, with `reward` for the reward of a text as the solution of a fixture."""
    tasks = [
        ("function", "leap.py", "Write is_leap(year)."),
        ("check", "leap.py", "Write is_leap(year), which says whether a year of the calendar has 366 days."),
        ("months", "months.py", "Write days(month), for months of a year that is not a leap year."),
    ]
    rows = [
        {"prompt": [{"role": "user", "content": prompt}], "answer": (HERE / fixture / file).read_text(), "info": {"fixture": fixture}}
        for fixture, file, prompt in tasks
    ]
    parser = Parser()

    def function(completion, info):
        return reward(info["fixture"], parser.source(completion[0]["content"]))

    subject = types.SimpleNamespace(
        message_type="chat",
        pass_threshold=0.5,
        parser=parser,
        rubric=types.SimpleNamespace(funcs=[function], weights=[1.0]),
        get_dataset=lambda: rows,
    )
    attacked = VerifiersEnv(subject, sample=len(rows))
    honest = [attacked.score(row, attacked.formatted_gold(row.answer)) for row in attacked.examples]
    return completion_attacks.run_all(attacked), honest


def verified(orket, texts):
    """The reward that `orket verify` gives to a text; each is kept in `texts`."""

    def reward(fixture, text):
        with tempfile.TemporaryDirectory(prefix="orket-gradecheck-") as directory:
            candidate = Path(directory) / "candidate.py"
            candidate.write_text(text)
            command = [orket, "verify", "--no-evidence", "--format", "ctrf", str(HERE / fixture), "--candidate", str(candidate)]
            status = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
        # Anything but a verdict would look like an attack that was resisted.
        if status not in (0, 1, 4):
            raise SystemExit(f"gradecheck: orket verify ended with {status} for {fixture}")
        texts.append((fixture, text, status))
        return 1.0 if status == 0 else 0.0

    return reward


def main(arguments):
    problems = []
    found = []

    def expect(holds, sentence):
        if not holds:
            problems.append(sentence)

    orket = arguments[0]
    for tree, solution in trees(orket):
        for finding in tree.findings:
            found.append({"battery": tree.name, "attack": finding.attack, "verdict": finding.verdict, "summary": finding.summary})
        # The package warns of every grader that looks for words, fooled or not; what counts is that the file was worth nothing.
        allowed = {("hollow-implementation", "warn")} if tree.name == "keywords" else set()
        bad = [item for item in tree.verdicts() if item[1] != "resisted" and item not in allowed]
        expect(not bad, f"{tree.name}: {bad}")
        wanted = {"noop", "empty-source", "test-deletion", "answer-leak", "hollow-implementation"}
        expect({attack for attack, _ in tree.verdicts()} == wanted, f"{tree.name}: not every attack was made")
        baseline = tree.grades[0].reward
        # Baseline, no sources, no tests, empty tests, and the hollow file where there are words for one.
        expect(len(tree.grades) == (5 if tree.name == "keywords" else 4), f"{tree.name}: {len(tree.grades)} submissions")
        expect(all(grade.exit_code in (1, 4) for grade in tree.grades), f"{tree.name}: a grade is no verdict")
        expect(all(grade.reward <= baseline < 1 for grade in tree.grades), f"{tree.name}: a reward was raised")
        expect(tree.reward(solution) == 1, f"{tree.name}: the honest solution is no pass")

    texts = []
    findings, honest = completions(verified(orket, texts))
    for finding in findings:
        found.append({"battery": "completions", "attack": finding.attack, "verdict": finding.verdict, "summary": finding.summary})
        expect(finding.verdict in ("resisted", "info"), f"completions: {finding.attack} is {finding.verdict}")
    expect(len(findings) == 7 and honest == [1.0, 1.0, 1.0], "completions: not all of them, or an honest one is no pass")

    # The same attacks on graders that deserve it: whatever fools nobody shows nothing.
    generous = Tree("generous", f"echo {shlex.quote(MARKER)}", HERE / "weak.py")
    words = Tree("words", f"{sys.executable} {shlex.quote(str(HERE / 'weak.py'))} {{workspace}}", HERE / "weak.py")
    leaky = Tree("leaky", "false", HERE / "weak.py", HERE / "leaky")
    for tree, attack, verdict in [
        (generous, "noop", "fooled"),
        (generous, "empty-source", "fooled"),
        (generous, "test-deletion", "fooled"),
        (words, "hollow-implementation", "fooled"),
        (leaky, "answer-leak", "warn"),
    ]:
        expect((attack, verdict) in tree.verdicts(), f"control: {tree.name} is not {verdict} by {attack}")
    fooled = {item.attack for item in completions(lambda fixture, text: 1.0)[0] if item.verdict == "fooled"}
    expect(len(fooled) == 5, f"control: a generous reward is fooled by {sorted(fooled)} only")

    if "--json" in arguments:
        print(json.dumps({"findings": found, "submissions": len(texts), "problems": problems}))
    else:
        for item in found:
            print(f"{item['battery']:12} {item['attack']:22} {item['verdict']:9} {item['summary']}")
        for problem in problems:
            print(f"problem: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
