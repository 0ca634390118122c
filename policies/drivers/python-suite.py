"""Runs a test suite of pytest or unittest in the process in which the candidate runs too, and reports each test.

Descriptor 3 is a stream of frames: four bytes of length, little-endian, then one JSON document in UTF-8. One frame comes in:

  {"runner": "pytest" | "unittest", "nonce", "tests", "conftest"}

`tests` is the read-only directory of the tests, `conftest` tells that it brings a conftest.py. Every frame that goes out bears
the nonce and its own number: "ready", one "test" each with its status, "problem" for what kept tests from being collected,
"tampered" for a part of the test machinery that was replaced, and "end".

The candidate shares this process, so that in principle it can forge every report. What is done against it: nothing that it could
have written is imported before the machinery is; the machinery's functions are compared with themselves after every test; the
channel lies behind a number of its own and is inherited by no child.
"""

import _json
import fcntl
import json
import os
import struct
import sys
import types

CHANNEL = 3
WORKSPACE = "/box"
MAXIMUM_DETAIL = 400
# Roots of the modules whose functions no candidate has to replace.
MACHINERY = ("_pytest", "builtins", "operator", "pluggy", "pytest", "unittest")
# Kinds of values that are compared by identity; of functions written in Python also the code.
WHOLE = (types.FunctionType, types.BuiltinFunctionType, staticmethod, classmethod, property)

# What a candidate may patch for itself, not for this program.
quote = _json.encode_basestring_ascii
write = os.write


def read_setup():
    def exactly(size):
        parts = b""
        while len(parts) < size:
            part = os.read(CHANNEL, size - len(parts))
            if not part:
                os._exit(0)
            parts += part
        return parts

    (size,) = struct.unpack("<I", exactly(4))
    return json.loads(exactly(size))


class Reporter:
    """The channel, and what was seen of the machinery when it was whole."""

    def __init__(self, nonce):
        self.descriptor = fcntl.fcntl(CHANNEL, fcntl.F_DUPFD_CLOEXEC, 128)
        os.close(CHANNEL)
        self.nonce = nonce
        self.number = 0
        self.whole = []
        self.is_tampered = False

    def send(self, kind, name="", status="", detail=""):
        text = '{"nonce":%s,"number":%d,"kind":%s,"name":%s,"status":%s,"detail":%s}' % (
            quote(self.nonce),
            self.number,
            quote(kind),
            quote(plain(name)),
            quote(status),
            quote(plain(detail)[:MAXIMUM_DETAIL]),
        )
        self.number += 1
        data = text.encode()
        data = len(data).to_bytes(4, "little") + data
        while data:
            data = data[write(self.descriptor, data) :]

    def remember(self):
        """Notes every function of the machinery as it is now."""
        seen = set()
        for name, module in list(sys.modules.items()):
            if name.split(".")[0] not in MACHINERY or not isinstance(module, types.ModuleType):
                continue
            self.note(module.__dict__, name)
            for value in list(module.__dict__.values()):
                if isinstance(value, type) and value not in seen and str(value.__module__).split(".")[0] in MACHINERY:
                    seen.add(value)
                    self.note(value.__dict__, "%s.%s" % (value.__module__, value.__qualname__))

    def note(self, mapping, owner):
        for key, value in list(mapping.items()):
            kind = type(value)
            function = value.__func__ if kind in (staticmethod, classmethod) else value
            code = function.__code__ if type(function) is types.FunctionType else None
            if code or kind in WHOLE or issubclass(kind, type):
                self.whole.append((mapping, key, value, function, code, owner))

    def check(self):
        """Tells once that something of the machinery is no longer what it was."""
        if self.is_tampered:
            return
        for mapping, key, value, function, code, owner in self.whole:
            if mapping.get(key) is not value or code is not None and function.__code__ is not code:
                self.is_tampered = True
                self.send("tampered", "%s.%s" % (owner, key))
                return


def plain(text):
    """A str of its own without lone surrogates, whatever was given."""
    try:
        return str(text)[:4096].encode("utf-8", "backslashreplace").decode()
    except BaseException:
        return "?"


def last_line(text):
    lines = [line for line in plain(text).strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else ""


def reason(report):
    """Why a test is no pass, on one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        return plain(crash.message).strip().split("\n")[0]
    # Skips come as file, line and reason.
    return plain(report.longrepr[2]) if type(report.longrepr) is tuple else last_line(report.longreprtext)


# ---- pytest


class Plugin:
    """Turns pytest's three reports of a test into one."""

    ORDER = ("passed", "xpassed", "xfailed", "skipped", "failed", "error")

    def __init__(self, reporter, tests):
        self.reporter = reporter
        self.tests = tests
        self.status, self.detail = {}, {}
        self.plugins = None

    def outcome(self, report):
        if hasattr(report, "wasxfail"):
            return "xfailed" if report.outcome == "skipped" else "xpassed"
        if report.outcome == "failed" and report.when != "call":
            return "error"
        return report.outcome

    def hooks(self):
        import pytest

        plugin = self

        class Hooks:
            @pytest.hookimpl(tryfirst=True)
            def pytest_collection(self, session):
                plugin.manager = session.config.pluginmanager
                plugin.plugins = {id(known) for known in plugin.manager.get_plugins()}
                plugin.reporter.remember()

            @pytest.hookimpl(tryfirst=True)
            def pytest_collectreport(self, report):
                if report.outcome != "passed":
                    plugin.reporter.send("problem", report.nodeid, report.outcome, reason(report))

            @pytest.hookimpl(trylast=True)
            def pytest_collection_finish(self, session):
                plugin.check()

            @pytest.hookimpl(tryfirst=True)
            def pytest_runtest_logreport(self, report):
                plugin.take(report)

            # Later pytest itself takes back what it has patched.
            @pytest.hookimpl(tryfirst=True)
            def pytest_sessionfinish(self, session):
                plugin.check()

        return Hooks()

    def take(self, report):
        name, outcome = report.nodeid, self.outcome(report)
        before = self.status.get(name, "passed")
        self.status[name] = max(before, outcome, key=self.ORDER.index)
        if outcome != "passed" and name not in self.detail:
            self.detail[name] = reason(report)
        if report.when == "teardown":
            self.check()
            self.reporter.send("test", name, self.status.pop(name), self.detail.pop(name, ""))

    def check(self):
        self.reporter.check()
        for known in self.manager.get_plugins():
            if id(known) in self.plugins or self.reporter.is_tampered:
                continue
            file = getattr(known, "__file__", None) or ""
            if os.path.basename(file) == "conftest.py" and file.startswith(self.tests + "/"):
                self.plugins.add(id(known))
            else:
                self.reporter.is_tampered = True
                self.reporter.send("tampered", "pytest plugin %s" % plain(self.manager.get_name(known)))


def run_pytest(reporter, setup):
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    sys.path.append("/usr/lib/python3/dist-packages")
    try:
        import pytest
    except ImportError as error:
        reporter.send("problem", "pytest", "absent", str(error))
        return 3
    import unittest.mock

    tests = setup["tests"]
    sys.path += [tests, WORKSPACE]
    arguments = ["-q", "--tb=short", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir=" + WORKSPACE]
    arguments += ["--import-mode=importlib", "-o", "addopts=", "--continue-on-collection-errors"]
    arguments += ["--confcutdir=" + tests] if setup["conftest"] else ["--noconftest"]
    reporter.send("ready")
    code = int(pytest.main(arguments + [tests], plugins=[Plugin(reporter, tests).hooks()]))
    # What the tests say has been reported: failed tests and no tests are regular ends.
    return 0 if code in (0, 1, 5) else code


# ---- unittest


def sources(tests):
    """Every module of the tests: its name, file, text, and whether it is a package. Read before anything of the candidate runs."""
    found = []
    for directory, names, files in os.walk(tests):
        names.sort()
        inner = os.path.relpath(directory, tests)
        package = [] if inner == "." else inner.split(os.sep)
        for file in sorted(files):
            if not file.endswith(".py") or file == "__init__.py" and not package:
                continue
            path = os.path.join(directory, file)
            name = ".".join(package if file == "__init__.py" else package + [file[:-3]])
            with open(path, "rb") as stream:
                found.append((name, path, stream.read(), file == "__init__.py"))
    # A package comes before what lies in it.
    return sorted(found)


def load(name, path, source, is_package):
    module = types.ModuleType(name)
    module.__file__ = path
    module.__package__ = name if is_package else name.rpartition(".")[0]
    if is_package:
        module.__path__ = [os.path.dirname(path)]
    sys.modules[name] = module
    exec(compile(source, path, "exec", dont_inherit=True), module.__dict__)
    return module


def run_unittest(reporter, setup):
    import unittest
    import unittest.mock

    class Result(unittest.TestResult):
        def __init__(self):
            super().__init__()
            self.now = None

        def startTest(self, test):
            super().startTest(test)
            self.now, self.status, self.detail = test, "", ""

        def stopTest(self, test):
            super().stopTest(test)
            reporter.check()
            reporter.send("test", test.id(), self.status or "error", self.detail)
            self.now = None

        def settle(self, test, status, detail=""):
            # A class that cannot be set up is no test.
            if self.now is None:
                reporter.send("problem", test.id(), "skipped" if status == "skipped" else "failed", detail)
            elif self.status in ("", "passed"):
                self.status, self.detail = status, detail

        def addSuccess(self, test):
            self.settle(test, "passed")

        def addFailure(self, test, err):
            super().addFailure(test, err)
            self.settle(test, "failed", last_line(self.failures[-1][1]))

        def addError(self, test, err):
            super().addError(test, err)
            self.settle(test, "error", last_line(self.errors[-1][1]))

        def addSubTest(self, test, subtest, err):
            super().addSubTest(test, subtest, err)
            if err is not None:
                self.settle(test, "failed", plain(subtest.id()))

        def addSkip(self, test, reason):
            self.settle(test, "skipped", reason)

        def addExpectedFailure(self, test, err):
            self.settle(test, "xfailed")

        def addUnexpectedSuccess(self, test):
            self.settle(test, "xpassed")

    tests = setup["tests"]
    sys.path.append("/usr/lib/python3/dist-packages")
    sys.path += [tests, WORKSPACE]
    modules = sources(tests)
    reporter.remember()
    reporter.send("ready")
    loader, suite = unittest.TestLoader(), unittest.TestSuite()
    for name, path, source, is_package in modules:
        if not is_package and not os.path.basename(path).startswith("test"):
            continue
        try:
            module = load(name, path, source, is_package)
            if not is_package:
                suite.addTests(loader.loadTestsFromModule(module))
        except unittest.SkipTest as error:
            reporter.send("problem", name, "skipped", plain(error))
        except BaseException as error:
            reporter.send("problem", name, "failed", "%s: %s" % (type(error).__name__, plain(error)))
    for error in loader.errors:
        reporter.send("problem", "load_tests", "failed", last_line(error))
    reporter.check()
    suite.run(Result())
    reporter.check()
    return 0


def main():
    setup = read_setup()
    # What runners print is for people, and nobody reads a result from it.
    os.dup2(2, 1)
    sys.path.remove("/orket")
    reporter = Reporter(setup["nonce"])
    status = {"pytest": run_pytest, "unittest": run_unittest}[setup["runner"]](reporter, setup)
    reporter.send("end")
    sys.exit(status)


main()
