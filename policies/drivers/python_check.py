"""The mode "check": runs checkers, which are trusted, one after the other, each in a child. What they call of the candidate is
answered from outside.
"""

import os
import sys
import types

from __main__ import CannotCross, Encoder, decode, description, read_frame, write_frame

ENDS_OF_ITERATION = (StopIteration, StopAsyncIteration)


def remote_error(described):
    """What the candidate raised, for the checker: a class with the name and, as far as they are built in, the ancestors of the
    original, so that `except ValueError` in a checker works as it would beside the candidate."""
    import builtins

    base = Exception
    for name in described["types"]:
        found = getattr(builtins, name, None)
        # An end of the candidate (SystemExit) must not become one of the checker, nor one of its loops: out of `map` or `zip`,
        # StopIteration would leave all assertions that follow undone.
        if isinstance(found, type) and issubclass(found, Exception) and not issubclass(found, ENDS_OF_ITERATION):
            base = found
            break
    name = described["types"][0]
    kind = base if base.__name__ == name else type(name, (base,), {})
    try:
        error = kind(described["text"])
    except BaseException:
        error = RuntimeError(described["text"])
    error.orket_candidate = True
    return error


class Refused(BaseException):
    """The candidate cannot answer any more; no checker catches this by catching Exception."""


class Proxy:
    """Stands for one name of the candidate's module."""

    def __init__(self, entry):
        self.__name__ = self.__qualname__ = entry
        self.__doc__ = None

    def __call__(self, *args, **kwargs):
        encoder = Encoder()
        write_frame(
            {
                "entry": self.__name__,
                "args": [encoder.encode(item) for item in args],
                "kwargs": [[name, encoder.encode(item)] for name, item in kwargs.items()],
            }
        )
        reply = read_frame()
        if "value" in reply:
            return decode(reply["value"])
        if "exception" in reply and "missing" not in reply and "unloadable" not in reply:
            raise remote_error(reply["exception"])
        raise Refused(reply)


class ProxyModule(types.ModuleType):
    """Stands for the candidate's module: every public name is a proxy."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        proxy = Proxy(name)
        setattr(self, name, proxy)
        return proxy


def perform(request):
    """Runs the checker to its end; what it raises is its verdict."""
    proxies = ProxyModule(request["module"])
    sys.modules[request["module"]] = proxies
    names = {"__name__": "checker", "__file__": request["file"]}
    for name in request["entries"]:
        names[name] = getattr(proxies, name)
    code = compile(request["source"], request["file"], "exec", dont_inherit=True)
    module = types.ModuleType("checker")
    module.__dict__.update(names)
    sys.modules["checker"] = module
    exec(code, module.__dict__)
    style = request["style"]
    if style == "function":
        function = module.__dict__.get(request["function"])
        if not callable(function):
            return {"invalid": "the checker has no function %s" % request["function"]}
        function(*[getattr(proxies, name) for name in request["entries"]])
        return {"passed": 1}
    if style == "unittest":
        return run_unittest(module)
    return {"passed": 1}


def run_unittest(module):
    import unittest

    suite = unittest.defaultTestLoader.loadTestsFromModule(module)
    result = unittest.TestResult()
    suite.run(result)
    problems = [(test.id(), text) for test, text in result.failures + result.errors]
    problems += [(test.id(), "unexpected success") for test in result.unexpectedSuccesses]
    if problems:
        return {"failed": "\n".join("%s: %s" % (name, text.strip().rsplit("\n", 1)[-1]) for name, text in problems)[:2000]}
    skipped = len(result.skipped) + len(result.expectedFailures)
    return {"passed": result.testsRun - skipped, "skipped": skipped}


def place(error):
    """Line of the checker at which it gave up, and how it reads."""
    line, trace = None, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "checker":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def check_in_child(request):
    try:
        result = perform(request)
    except Refused as refusal:
        result = {"refused": refusal.args[0]}
    except CannotCross as error:
        result = {"invalid": "the checker passes what cannot cross: %s" % error}
    except AssertionError as error:
        result = {"failed": str(error)[:2000], "line": place(error)}
    except BaseException as error:
        kind = "raised" if getattr(error, "orket_candidate", False) else "checkerRaised"
        result = {kind: description(error), "line": place(error)}
    write_frame({"checked": result})
    os._exit(0)


def run():
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(null, descriptor)
    write_frame({"ready": True})
    while True:
        request = read_frame()
        pid = os.fork()
        if pid == 0:
            try:
                check_in_child(request)
            finally:
                os._exit(70)
        _, status = os.waitpid(pid, 0)
        if status != 0:
            write_frame({"checked": {"died": status}})
