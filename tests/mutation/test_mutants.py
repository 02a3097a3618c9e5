"""Which code the mutation run changes, and which code it leaves alone."""

from textwrap import dedent

import pytest

from tests.mutation.mutants import find


def _changed(source: str) -> list[tuple[str, str]]:
    return [(one.kind, one.after) for one in find("x.py", source.encode())]


@pytest.mark.parametrize(
    ("statement", "changes"),
    [
        ("x = a < b", [("comparison", "x = (a <= b)")]),
        ("x = a or b", [("boolean", "x = (a and b)")]),
        ("x = not a", [("boolean", "x = (a)")]),
        ("x = a + b", [("arithmetic", "x = (a - b)")]),
        ("x = 'größer'", [("constant", "x = 'größerXX'")]),
        ("x = True", [("constant", "x = False")]),
        ("x = 5", [("constant", "x = 6")]),
        ("x = a if b else c", [("branches swapped", "x = a if (not (b)) else c")]),
        ("if a: x = b", [("condition negated", "if (not (a)): x = b")]),
        ("x = [a for a in b if a]", [("condition negated", "x = [a for a in b if (not (a))]")]),
        ("tell(a)", [("call removed", "pass")]),
        ("a.b = c", [("statement removed", "pass")]),
        ("a += b", [("statement removed", "pass"), ("arithmetic", "a -= b")]),
        ("return a", [("nothing returned", "return None")]),
        ("raise ValueError('words' + 'more')", [("statement removed", "pass")]),
    ],
)
def test_each_kind_of_change(statement: str, changes: list[tuple[str, str]]) -> None:
    assert _changed(f"def f(a, b, c):\n    {statement}\n") == changes


def test_code_that_no_test_should_depend_on_is_left_alone() -> None:
    source = dedent(
        '''
        """A module."""
        __all__ = ["f"]
        _MOST = 5

        class Names(Protocol[T]):
            def name(self) -> str:
                return self.other()

        class Kept:
            __slots__ = ("a",)
            size: int = 3

            @abstractmethod
            def get(self) -> int:
                return self.other()

        def f(a: "int" = 5) -> "str":
            """Return it."""
            log.info("started", 5)
            b: "list[int]" = cast("list[int]", a)
            d = "words for people"
            return
        '''
    )
    assert _changed(source) == []


def test_a_change_is_applied_in_the_right_place() -> None:
    source = "def f(a):\n    # größer\n    return g('ä', a > 1) and a\n".encode()
    by_kind = {one.kind: one for one in find("x.py", source)}
    changed = by_kind["comparison"].apply(source).decode()
    assert changed == "def f(a):\n    # größer\n    return g('ä', (a >= 1)) and a\n"
    assert by_kind["comparison"].lines == (3, 3)
    assert by_kind["comparison"].id != by_kind["boolean"].id
