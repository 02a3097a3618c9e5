"""Find the possible mutants of a source file, and apply them.

Code that no test should depend on is left alone: docstrings, annotations, words for people (strings
with a space), arguments of errors, logging, ``Protocol`` bodies.  So is code outside functions
(tables, defaults, ``__all__``), as it is executed at import and not by a particular test.
"""

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
}
_NOT_IMPLEMENTED_HERE = {"overload", "abstractmethod"}
_LOGGERS = {"log", "logger", "logging", "warnings"}
_LEFT_ALONE = (
    *(ast.JoinedStr, ast.Import, ast.ImportFrom, ast.Global, ast.Nonlocal, ast.Assert),
    *(ast.arguments, ast.pattern),
)


@dataclass(frozen=True)
class Mutant:
    """One change of one file: the bytes from ``start`` to ``end`` become ``text``."""

    path: str
    #: The line of the change, and that of the statement in which it lies.
    lines: tuple[int, int]
    kind: str
    start: int
    end: int
    text: str
    before: str
    after: str

    @property
    def id(self) -> str:
        """A name that stays the same as long as the line and its change do."""
        name = f"{self.path}:{self.lines[0]}:{self.kind}:{self.before}:{self.after}"
        return hashlib.sha256(name.encode()).hexdigest()[:12]

    def apply(self, source: bytes) -> bytes:
        """Return the changed source."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def find(path: str, source: bytes) -> list[Mutant]:
    """Return every mutant of a source file, in the order of the lines."""
    finder = _Finder(path, source)
    finder.definitions(ast.parse(source))
    return finder.found


class _Finder:
    """Walks through the bodies of functions and collects mutants."""

    def __init__(self, path: str, source: bytes) -> None:
        self.found: list[Mutant] = []
        self._path = path
        self._source = source
        self._line_starts = [0]
        for line in source.splitlines(keepends=True):
            self._line_starts.append(self._line_starts[-1] + len(line))

    def definitions(self, node: ast.Module | ast.ClassDef) -> None:
        """Visit the functions of a module or a class."""
        if isinstance(node, ast.ClassDef) and "Protocol" in map(_name, node.bases):
            return
        for child in node.body:
            if isinstance(child, ast.ClassDef):
                self.definitions(child)
            elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                self._function(child)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        if _NOT_IMPLEMENTED_HERE.isdisjoint(map(_name, node.decorator_list)):
            for statement in node.body:
                self._walk(statement, statement)

    def _walk(self, node: ast.AST, statement: ast.stmt) -> None:
        if isinstance(node, _LEFT_ALONE) or _is_only_text(node):
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self._function(node)
            return
        if isinstance(node, ast.ClassDef):
            self.definitions(node)
            return
        if isinstance(node, ast.stmt):
            statement = node
        for part, kind, text in _changes(node):
            self._add(part, statement, kind, text)
        for child in _parts(node):
            self._walk(child, statement)

    def _add(self, node: ast.expr | ast.stmt, statement: ast.stmt, kind: str, text: str) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        start = self._line_starts[node.lineno - 1] + node.col_offset
        end = self._line_starts[node.end_lineno - 1] + node.end_col_offset
        first = self._line_starts[node.lineno - 1]
        rest = self._source[end : self._line_starts[node.end_lineno]]
        before, after = (
            " ".join((self._source[first:start] + changed + rest).decode().split())
            for changed in (self._source[start:end], text.encode())
        )
        lines = (node.lineno, statement.lineno)
        self.found.append(Mutant(self._path, lines, kind, start, end, text, before, after))


def _name(node: ast.AST) -> str:
    """Return the last part of a dotted name: ``Protocol`` of ``typing.Protocol[T]``."""
    while isinstance(node, ast.Subscript | ast.Call):
        node = node.value if isinstance(node, ast.Subscript) else node.func
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_only_text(node: ast.AST) -> bool:
    """Return whether a node is a docstring or a logging call."""
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.Constant):
        return True
    call = node.value
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and _name(call.func.value) in _LOGGERS
    )


def _parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the children of a node that may be changed, too."""
    if isinstance(node, ast.Raise):  # the message of an error
        return
    if isinstance(node, ast.Call) and _name(node.func) == "cast":
        yield from node.args[1:]
        return
    for field, value in ast.iter_fields(node):
        if field != "annotation":
            for part in value if isinstance(value, list) else [value]:
                if isinstance(part, ast.AST):
                    yield part


_Change = tuple[ast.expr | ast.stmt, str, str]


def _changes(node: ast.AST) -> Iterator[_Change]:
    """Yield the changes of a node itself: the part to replace, the kind, the new text."""
    if isinstance(node, ast.stmt):
        yield from _of_statement(node)
    if isinstance(node, ast.If | ast.IfExp):
        kind = "branches swapped" if node.orelse else "condition negated"
        yield node.test, kind, f"(not ({ast.unparse(node.test)}))"
    elif isinstance(node, ast.While) and not isinstance(node.test, ast.Constant):
        yield node.test, "condition negated", f"(not ({ast.unparse(node.test)}))"
    elif isinstance(node, ast.comprehension):
        for test in node.ifs:
            yield test, "condition negated", f"(not ({ast.unparse(test)}))"
    elif isinstance(node, ast.expr):
        yield from _of_expression(node)


def _of_statement(node: ast.stmt) -> Iterator[_Change]:
    match node:
        case ast.Expr(value=ast.Call() | ast.Await(value=ast.Call())):
            yield node, "call removed", "pass"
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()]) | ast.Delete() | ast.Raise():
            yield node, "statement removed", "pass"
        case ast.Continue() | ast.Break():
            yield node, "statement removed", "pass"
        case ast.AugAssign():
            yield node, "statement removed", "pass"
            if other := _ARITHMETIC.get(type(node.op)):
                yield (
                    node,
                    "arithmetic",
                    ast.unparse(ast.AugAssign(node.target, other(), node.value)),
                )
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield node, "nothing returned", "return None"


def _of_expression(node: ast.expr) -> Iterator[_Change]:
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                operators = list(node.ops)
                operators[place] = _COMPARISONS[type(operator)]()
                changed = ast.Compare(node.left, operators, node.comparators)
                yield node, "comparison", f"({ast.unparse(changed)})"
        case ast.BoolOp():
            swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield node, "boolean", f"({ast.unparse(ast.BoolOp(swapped, node.values))})"
        case ast.UnaryOp(op=ast.Not()):
            yield node, "boolean", f"({ast.unparse(node.operand)})"
        case ast.BinOp():
            if other := _ARITHMETIC.get(type(node.op)):
                changed_op = ast.BinOp(node.left, other(), node.right)
                yield node, "arithmetic", f"({ast.unparse(changed_op)})"
        case ast.Constant(value=bool() as value):
            yield node, "constant", repr(not value)
        case ast.Constant(value=int() | float() as value):
            yield node, "constant", repr(value + 1)
        case ast.Constant(value=str() as value) if " " not in value:
            yield node, "constant", repr(value + "XX")
