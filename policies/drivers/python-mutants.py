"""Makes mutants of the Python program on stdin: small changes that a good test notices.

One JSON object a line goes to stdout: {id, line, column, operator, description, start, end, text}. The bytes from `start` to `end`
of the program become `text`; all else stays as it was written, so a change can be shown as a change of its lines. The order is
that of the source. A change that does not compile, that leaves the syntax tree as it was, or that another one made before is
left out. Annotations, docstrings and f-strings are not touched. Exit status 1: the program does not compile; stderr says why.
"""

import ast
import bisect
import json
import re
import sys

BOUNDARY = {ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">"}
SWAP = {
    ast.Lt: ">", ast.LtE: ">=", ast.Gt: "<", ast.GtE: "<=", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
COMPARE = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
    ast.Is: "is", ast.IsNot: r"is\s+not", ast.In: "in", ast.NotIn: r"not\s+in",
}  # fmt: skip
ARITHMETIC = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "+"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "/"),
    ast.Mod: ("%", "*"), ast.Pow: ("**", "*"), ast.LShift: ("<<", ">>"), ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"), ast.BitXor: ("^", "&"), ast.MatMult: ("@", "*"),
}  # fmt: skip
NAMES = {
    "min": "max", "max": "min", "any": "all", "all": "any", "sorted": "list", "lower": "upper", "upper": "lower",
    "startswith": "endswith", "endswith": "startswith", "lstrip": "rstrip", "rstrip": "lstrip", "find": "rfind",
    "rfind": "find", "isupper": "islower", "islower": "isupper", "ceil": "floor", "floor": "ceil",
}  # fmt: skip
BLANK = re.compile(rb"(?:[\s\\()]|#[^\r\n]*)*")
CONDITIONED = (ast.If, ast.While, ast.IfExp, ast.Assert)
REMOVABLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Delete, ast.Raise, ast.Assert)
LONGEST = 48


class Source:
    """The program as bytes, with the places of its nodes in it."""

    def __init__(self, data):
        self.data = data
        # A mark at the start is no part of the first line's columns.
        skipped = 3 if data.startswith(b"\xef\xbb\xbf") else 0
        self.starts = [skipped] + [match.end() for match in re.finditer(rb"\r\n|\r|\n", data)]

    def start(self, node):
        return self.starts[node.lineno - 1] + node.col_offset

    def end(self, node):
        return self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        return self.data[self.start(node) : self.end(node)].decode()

    def find(self, pattern, start, end):
        """The operator that stands between two operands, past brackets and comments."""
        at = BLANK.match(self.data, start, end).end()
        match = re.compile(pattern.encode()).match(self.data, at, end)
        return match and match.span()

    def place(self, offset):
        line = max(0, bisect.bisect_right(self.starts, offset) - 1)
        return line + 1, offset - self.starts[line] + 1


class Finder(ast.NodeVisitor):
    """Collects `(start, end, operator, text, what)` of all changes."""

    def __init__(self, source):
        self.source = source
        self.found = []

    def add(self, start, end, operator, text, what=None):
        old = self.source.data[start:end].decode()
        self.found.append((start, end, operator, text, what or "%s -> %s" % (short(old), short(text) or "nothing")))

    def replace(self, node, operator, text):
        self.add(self.source.start(node), self.source.end(node), operator, text)

    # What means nothing to the program's behaviour.

    def visit_JoinedStr(self, node):
        """The places of nodes inside are not told by every version of Python."""

    def visit_Import(self, node):
        pass

    def visit_ImportFrom(self, node):
        pass

    def visit_arg(self, node):
        pass

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def visit_FunctionDef(self, node):
        for part in node.decorator_list + [node.args] + node.body:
            self.visit(part)

    visit_AsyncFunctionDef = visit_FunctionDef

    # Operators.

    def visit_Compare(self, node):
        left = node.left
        for operator, right in zip(node.ops, node.comparators):
            span = self.source.find(COMPARE[type(operator)], self.source.end(left), self.source.start(right))
            if span:
                if type(operator) in BOUNDARY:
                    self.add(*span, "boundary", BOUNDARY[type(operator)])
                self.add(*span, "compare", SWAP[type(operator)])
            left = right
        self.generic_visit(node)

    def visit_BinOp(self, node):
        old, new = ARITHMETIC[type(node.op)]
        span = self.source.find(re.escape(old), self.source.end(node.left), self.source.start(node.right))
        if span:
            self.add(*span, "arithmetic", new)
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        old, new = ARITHMETIC[type(node.op)]
        span = self.source.find(re.escape(old + "="), self.source.end(node.target), self.source.start(node.value))
        if span:
            self.add(*span, "arithmetic", new + "=")
            self.add(*span, "assignment", "=")
        self.remove(node)
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        old, new = ("and", "or") if type(node.op) is ast.And else ("or", "and")
        for left, right in zip(node.values, node.values[1:]):
            span = self.source.find(old, self.source.end(left), self.source.start(right))
            if span:
                self.add(*span, "boolean", new)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        start = self.source.start(node)
        if type(node.op) is ast.Not:
            end = start + 3
            while self.source.data[end : end + 1] == b" ":
                end += 1
            self.add(start, end, "boolean", "")
        elif type(node.op) in (ast.USub, ast.Invert):
            self.add(start, start + 1, "sign", "")
        self.generic_visit(node)

    # Values.

    def visit_Constant(self, node):
        value = node.value
        if value is True or value is False:
            self.replace(node, "constant", str(not value))
        elif type(value) is int:
            self.replace(node, "constant", str(value + 1))
            self.replace(node, "constant", str(value - 1) if value > 0 else "(%d)" % (value - 1))
        elif type(value) is float and value == value and abs(value) != float("inf"):
            self.replace(node, "constant", repr(value + 1.0))
        elif type(value) is str:
            self.replace(node, "constant", '""' if value else '"orket"')
        elif type(value) is bytes:
            self.replace(node, "constant", 'b""' if value else 'b"orket"')

    def visit_Name(self, node):
        if type(node.ctx) is ast.Load and node.id in NAMES:
            self.replace(node, "name", NAMES[node.id])

    def visit_Attribute(self, node):
        if type(node.ctx) is ast.Load and node.attr in NAMES:
            end = self.source.end(node)
            self.add(end - len(node.attr), end, "name", NAMES[node.attr])
        self.generic_visit(node)

    def visit_Slice(self, node):
        for bound in (node.lower, node.upper, node.step):
            if bound is not None:
                self.replace(bound, "slice", "None")
        self.generic_visit(node)

    def visit_Call(self, node):
        for first, second in zip(node.args, node.args[1:]):
            if ast.Starred in (type(first), type(second)):
                continue
            start, end = self.source.start(first), self.source.end(second)
            between = self.source.data[self.source.end(first) : self.source.start(second)].decode()
            self.add(start, end, "arguments", self.source.text(second) + between + self.source.text(first))
        self.generic_visit(node)

    # Statements.

    def remove(self, node):
        self.replace(node, "removal", "pass")

    def negate(self, test):
        # For these the swap of the comparison is the negation.
        if type(test) is ast.Compare and len(test.ops) == 1 and type(test.ops[0]) not in BOUNDARY:
            return
        if type(test) is ast.UnaryOp and type(test.op) is ast.Not:
            return
        text = self.source.text(test)
        self.add(
            self.source.start(test), self.source.end(test), "condition", "not (%s)" % text,
            "%s -> not (%s)" % (short(text), short(text)),
        )  # fmt: skip

    def visit_comprehension(self, node):
        for test in node.ifs:
            self.negate(test)
        self.generic_visit(node)

    def visit_Return(self, node):
        if node.value is not None and not (type(node.value) is ast.Constant and node.value.value is None):
            what = "%s -> None" % short(self.source.text(node.value))
            self.add(self.source.start(node), self.source.end(node), "return", "return None", what)
        self.generic_visit(node)

    def visit_Expr(self, node):
        if type(node.value) is ast.Constant:
            return
        self.remove(node)
        self.generic_visit(node)

    def visit_Break(self, node):
        self.replace(node, "loop", "continue")

    def visit_Continue(self, node):
        self.replace(node, "loop", "break")

    def generic_visit(self, node):
        if type(node) in CONDITIONED:
            self.negate(node.test)
        if type(node) in REMOVABLE and type(node) not in (ast.Expr, ast.AugAssign):
            self.remove(node)
        super().generic_visit(node)


def short(text):
    """On one line, in ASCII, cut: part of an id that a person copies into a fixture."""
    line = " ".join(text.split())
    if len(line) > LONGEST:
        line = line[: LONGEST - 3] + "..."
    return line.encode("ascii", "backslashreplace").decode()


def shape(data):
    """What must differ: the syntax tree, without places; None when it is no program."""
    try:
        tree = ast.parse(data)
        compile(data, "mutant", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return ast.dump(tree)


def mutants(data):
    source = Source(data)
    seen_ids = {}
    for top in ast.parse(data).body:
        finder = Finder(source)
        finder.visit(top)
        # A change lies within one statement of the module: to compare that is enough, and cheap.
        start, end = min([source.start(part) for part in getattr(top, "decorator_list", [])] + [source.start(top)]), source.end(top)
        if data[start - 1 : start] == b"@":
            start -= 1
        shapes = {shape(data[start:end])}
        for first, last, operator, text, what in sorted(finder.found, key=lambda item: (item[0], item[1])):
            changed = shape(data[start:first] + text.encode() + data[last:end])
            if changed is None or changed in shapes:
                continue
            shapes.add(changed)
            line, column = source.place(first)
            name = "%d:%s %s" % (line, operator, what)
            seen_ids[name] = seen_ids.get(name, 0) + 1
            if seen_ids[name] > 1:
                name += " #%d" % seen_ids[name]
            yield {
                "id": name, "line": line, "column": column, "operator": operator, "description": what,
                "start": first, "end": last, "text": text,
            }  # fmt: skip


def main():
    sys.setrecursionlimit(20_000)
    sys.set_int_max_str_digits(0)
    data = sys.stdin.buffer.read()
    try:
        data.decode()
        compile(data, "reference", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        print("the reference does not compile: %s" % error, file=sys.stderr)
        return 1
    for mutant in mutants(data):
        sys.stdout.write(json.dumps(mutant) + "\n")
    return 0


sys.exit(main())
