"""Calls a Python candidate on behalf of a supervisor outside the sandbox.

Descriptor 3 is a stream of frames: four bytes of length, little-endian, then one JSON document in UTF-8. The first frame says
what this process is to be:

  {"mode": "cases", "file", "module", "limits"}   a process of its own for each call that comes
  {"mode": "serve", "file", "module"}             all calls in this process, which keeps its state between them
  {"mode": "check"}                               runs a checker that is trusted; what it calls is answered from outside

Nothing that this program reports is believed further than that the candidate gave this answer: what is expected never comes
here. The modes "cases" and "check" are in files of their own beside this one.

A candidate waits for this to be read, compiled and started, in every sandbox anew. So it is short, and imports only what is
built into the interpreter: `json` and `os` would take longer than the interpreter itself.
"""

import posix
import sys
from _json import encode_basestring_ascii, make_encoder, make_scanner

CHANNEL = 3
MAXIMUM_FRAME = 8 << 20
MAXIMUM_DEPTH = 40
MAXIMUM_NODES = 1 << 20


# ---- frames


class Plain:
    """How `json.loads` reads by default."""

    strict = True
    object_hook = object_pairs_hook = parse_constant = None
    parse_int = int
    parse_float = float


from_json = make_scanner(Plain)
to_json = make_encoder(None, None, encode_basestring_ascii, None, ":", ",", False, False, False)


def json_bytes(value):
    return "".join(to_json(value, 0)).encode()


def read_exactly(descriptor, size):
    parts = []
    while size:
        part = posix.read(descriptor, min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def read_frame():
    size = int.from_bytes(read_exactly(CHANNEL, 4), "little")
    if size > MAXIMUM_FRAME:
        raise EOFError
    return from_json(read_exactly(CHANNEL, size).decode(), 0)[0]


def write_all(descriptor, data):
    view = memoryview(data)
    while view:
        view = view[posix.write(descriptor, view) :]


def write_frame(value):
    data = json_bytes(value)
    write_all(CHANNEL, len(data).to_bytes(4, "little") + data)


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
    module = type(sys)(setup["module"])
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


# ---- the other modes


def cases(setup):
    import python_cases

    python_cases.run(setup)


def check(setup):
    import python_check

    python_check.run()


def main():
    # Whole numbers of every size cross; the time for that is the case's own.
    sys.set_int_max_str_digits(0)
    setup = read_frame()
    try:
        {"cases": cases, "serve": serve, "check": check}[setup["mode"]](setup)
    except EOFError:
        posix._exit(0)


if __name__ == "__main__":
    main()
