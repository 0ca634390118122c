"""Calls a Python candidate on behalf of a supervisor outside the sandbox.

Descriptor 3 is a stream of frames: four bytes of length, little-endian, then one JSON document in UTF-8. The first frame says
what this process is to be:

  {"mode": "cases", "file", "module", "limits"}   a process of its own for each call that comes
  {"mode": "serve", "file", "module"}             all calls in this process, which keeps its state between them
  {"mode": "check"}                               runs a checker that is trusted; what it calls is answered from outside

Nothing that this program reports is believed further than that the candidate gave this answer: what is expected never comes
here. In the mode "cases" the candidate never meets this process: it is read, compiled and executed in a child, which has
neither the channel nor, since this process is not dumpable, any way into it. After each case everything else in the sandbox is
killed, so that no case meets what another one left.
"""

import ctypes
import json
import os
import select
import signal
import struct
import sys
import time
import types

CHANNEL = 3
MAXIMUM_FRAME = 8 << 20
MAXIMUM_DEPTH = 40
MAXIMUM_NODES = 1 << 20
TAIL = 2048
ENDS_OF_ITERATION = (StopIteration, StopAsyncIteration)


# ---- frames


def read_exactly(descriptor, size):
    parts = []
    while size:
        part = os.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame():
    (size,) = struct.unpack("<I", read_exactly(CHANNEL, 4))
    if size > MAXIMUM_FRAME:
        raise EOFError
    return json.loads(read_exactly(CHANNEL, size))


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_frame(value):
    data = json.dumps(value).encode()
    write_all(CHANNEL, struct.pack("<I", len(data)) + data)


# ---- typed values


class CannotCross(Exception):
    pass


class Encoder:
    """Exact types only: an object that merely behaves like a number stays where it is."""

    def __init__(self):
        self.nodes = 0

    def encode(self, value, depth=0):
        self.nodes += 1
        if depth > MAXIMUM_DEPTH:
            raise CannotCross("nested deeper than %d levels" % MAXIMUM_DEPTH)
        if self.nodes > MAXIMUM_NODES:
            raise CannotCross("more than %d values" % MAXIMUM_NODES)
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if -(1 << 53) <= value <= 1 << 53 else {"int": str(value)}
        if kind is float:
            return {"float": repr(value)}
        if kind is str:
            try:
                value.encode()
            except UnicodeEncodeError:
                raise CannotCross("a string with a lone surrogate") from None
            return value
        if kind is list:
            return [self.encode(item, depth + 1) for item in value]
        if kind is tuple:
            return {"tuple": [self.encode(item, depth + 1) for item in value]}
        if kind is dict:
            return {"dict": [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()]}
        if kind is set or kind is frozenset:
            return {kind.__name__: [self.encode(item, depth + 1) for item in value]}
        if kind is bytes or kind is bytearray:
            return {kind.__name__: value.hex()}
        if kind is complex:
            return {"complex": [repr(value.real), repr(value.imag)]}
        raise CannotCross("an object of type %.100s" % kind.__name__)


def decode(value):
    if type(value) is list:
        return [decode(item) for item in value]
    if type(value) is not dict:
        return value
    ((tag, inner),) = value.items()
    if tag == "int":
        return int(inner)
    if tag == "float":
        return float(inner)
    if tag == "tuple":
        return tuple(decode(item) for item in inner)
    if tag == "dict":
        return {decode(k): decode(v) for k, v in inner}
    if tag == "set":
        return {decode(item) for item in inner}
    if tag == "frozenset":
        return frozenset(decode(item) for item in inner)
    if tag == "bytes":
        return bytes.fromhex(inner)
    if tag == "bytearray":
        return bytearray.fromhex(inner)
    if tag == "complex":
        return complex(float(inner[0]), float(inner[1]))
    raise ValueError("unknown tag " + tag)


def description(error):
    """Class names from the most special to the most general, and the text, both without the help of the object itself."""
    names = [base.__name__[:200] for base in type.__getattribute__(type(error), "__mro__")[:20] if base is not object]
    try:
        text = str(error)[:2000].encode("utf-8", "backslashreplace").decode()
    except BaseException:
        text = ""
    return {"types": names, "text": text}


# ---- the candidate


def load(setup):
    with open(setup["file"], "rb") as file:
        source = file.read()
    code = compile(source, setup["file"], "exec", dont_inherit=True)
    module = types.ModuleType(setup["module"])
    module.__file__ = setup["file"]
    sys.modules[setup["module"]] = module
    sys.path.insert(0, "/box")
    sys.path.append("/usr/lib/python3/dist-packages")
    exec(code, module.__dict__)
    return module


def find(module, entry):
    target = module
    for part in entry.split("."):
        target = getattr(target, part)
    return target


def answer(module, request):
    """One call; never raises what the candidate raises."""
    try:
        function = find(module, request["entry"])
    except BaseException as error:
        return {"missing": request["entry"], "exception": description(error)}
    try:
        arguments = [decode(item) for item in request.get("args", [])]
        named = {name: decode(item) for name, item in request.get("kwargs", [])}
        value = function(*arguments, **named)
    except BaseException as error:
        return {"exception": description(error)}
    try:
        return {"value": Encoder().encode(value)}
    except CannotCross as error:
        return {"cannotCross": str(error)}
    except BaseException as error:
        return {"cannotCross": "an object that fails when it is read: " + description(error)["types"][0]}


def loaded(setup):
    """The module, or what keeps it from being one."""
    try:
        return load(setup), None
    except BaseException as error:
        return None, {"unloadable": True, "exception": description(error)}


# ---- mode "serve"


def serve(setup):
    # Before the candidate has its first say: from here on an end is the candidate's.
    write_frame({"ready": True})
    module, problem = loaded(setup)
    while True:
        request = read_frame()
        write_frame(problem or answer(module, request))


# ---- mode "cases"


def in_child(setup, request, reply, output):
    """The whole life of the process of one case."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
    os.dup2(reply, CHANNEL)
    os.closerange(CHANNEL + 1, 64)
    import resource

    seconds = setup["limits"]["cpuSeconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    if "seed" in request:
        import random

        random.seed(request["seed"])
    module, problem = loaded(setup)
    result = problem or answer(module, request)
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        pass
    write_all(CHANNEL, json.dumps(result).encode())
    os._exit(0)


class Case:
    """A child, what it answers, and what it prints."""

    def __init__(self, setup, request):
        self.limits = setup["limits"]
        self.reply, self.tail, self.output_bytes, self.stopped = b"", b"", 0, None
        self.started = time.monotonic()
        reply_end, reply = os.pipe()
        output_end, output = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            try:
                in_child(setup, request, reply, output)
            finally:
                os._exit(70)
        os.close(reply)
        os.close(output)
        self.ends = {reply_end: self.take_reply, output_end: self.take_output}
        self.pidfd = os.pidfd_open(self.pid)

    def take_reply(self, data):
        self.reply += data
        if len(self.reply) > self.limits["replyBytes"]:
            self.stopped = self.stopped or "reply"

    def take_output(self, data):
        self.output_bytes += len(data)
        self.tail = (self.tail + data)[-TAIL:]
        if self.output_bytes > self.limits["outputBytes"]:
            self.stopped = self.stopped or "output"

    def drain(self, descriptor):
        data = os.read(descriptor, 65536)
        if data:
            self.ends[descriptor](data)
        else:
            os.close(descriptor)
            del self.ends[descriptor]

    def run(self):
        end = self.started + self.limits["wallMs"] / 1000
        while self.stopped is None:
            rest = end - time.monotonic()
            if rest <= 0:
                self.stopped = "wall"
                break
            ready, _, _ = select.select(list(self.ends) + [self.pidfd], [], [], rest)
            for descriptor in ready:
                if descriptor in self.ends:
                    self.drain(descriptor)
            if self.pidfd in ready:
                break
        kill_everything()
        _, status, usage = os.wait4(self.pid, 0)
        # What lies in the pipes was written while the case still ran.
        while self.ends and self.stopped is None:
            ready, _, _ = select.select(list(self.ends), [], [], 0)
            if not ready:
                break
            for descriptor in ready:
                self.drain(descriptor)
        for descriptor in list(self.ends) + [self.pidfd]:
            os.close(descriptor)
        return self.report(status, usage)

    def report(self, status, usage):
        return {
            "exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "stopped": self.stopped,
            "cpuMs": (usage.ru_utime + usage.ru_stime) * 1000,
            "wallMs": (time.monotonic() - self.started) * 1000,
            "maxRSSKiB": usage.ru_maxrss,
            "outputBytes": self.output_bytes,
            "output": self.tail.decode("utf-8", "replace"),
            "reply": self.reply[: self.limits["replyBytes"]].hex(),
        }


def kill_everything():
    """All processes of the sandbox but this one and its pid 1, who reaps what is not ours."""
    try:
        os.kill(-1, signal.SIGKILL)
    except ProcessLookupError:
        pass


def cases(setup):
    # Nobody of this uid may read or trace this process, nor open what it has open: prctl(PR_SET_DUMPABLE, 0).
    if ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) != 0:
        os._exit(71)
    # Imported for the children, who then find them in memory.
    import gc
    import random
    import resource

    gc.collect()
    gc.freeze()
    write_frame({"ready": True})
    while True:
        request = read_frame()
        write_frame(Case(setup, request).run())


# ---- mode "check"


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


def check(setup):
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


def main():
    # Whole numbers of every size cross; the time for that is the case's own.
    sys.set_int_max_str_digits(0)
    setup = read_frame()
    try:
        {"cases": cases, "serve": serve, "check": check}[setup["mode"]](setup)
    except EOFError:
        os._exit(0)


main()
