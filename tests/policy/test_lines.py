"""The line of each key in a TOML file."""

import tomllib
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.policy.toml_lines import KeyPath, key_lines

_KEYS = st.sampled_from(["a", "b-1", '"c d"', "'e.f'", '"g\\u0041"', "h_2"])
_PLAIN = {'"c d"': "c d", "'e.f'": "e.f", '"g\\u0041"': "gA"}
_SCALARS = st.sampled_from(
    ["1", "true", '"x # no comment"', "'it\\'", '"quote \\" inside"', "2026-01-01",
     '"""two\nlines""" ', "'''a\n'b'\nc'''", '"""""quoted"" """', "[]", "[ 1, 2,\n  3 ]", "{}"]
)  # fmt: skip


@dataclass
class Written:
    """A TOML document under construction, and the expected line of each key."""

    text: str = ""
    lines: dict[KeyPath, int] = field(default_factory=dict)

    def at(self, *path: str | int) -> None:
        """Record that a key begins on the current line."""
        self.lines[path] = self.text.count("\n") + 1


@st.composite
def documents(draw: st.DrawFn) -> Written:
    """Draw a document with tables, lists of tables, inline tables and comments."""
    made = Written()
    names = draw(st.lists(_KEYS, unique=True, max_size=4))
    for name in names:
        plain = _PLAIN.get(name, name)
        made.text += draw(st.sampled_from(["", "\n", "# [no] = table\n", "  \t"]))
        match draw(st.sampled_from(["table", "list", "dotted"])):
            case "table":
                made.at(plain)
                made.text += f"[ {name} ] # here\n"
                _pairs(draw, made, (plain,))
            case "list":
                made.at(plain)
                for number in range(draw(st.integers(1, 3))):
                    made.at(plain, number)
                    made.text += f"[[{name}]]\n"
                    _pairs(draw, made, (plain, number))
            case "dotted":
                made.text += f"[{name}.x.'y']\n"
                made.lines[plain, "x", "y"] = made.text.count("\n")
                _pairs(draw, made, (plain, "x", "y"))
    return made


def _pairs(draw: st.DrawFn, made: Written, table: KeyPath) -> None:
    for key in draw(st.lists(_KEYS, unique=True, max_size=3)):
        plain = _PLAIN.get(key, key)
        made.at(*table, plain)
        if draw(st.booleans()):
            made.text += f"{key} = {draw(_SCALARS)} # end\n"
        else:
            made.text += f"{key} = {{ in = {{ side = [ "
            for number in range(draw(st.integers(1, 3))):
                made.text += draw(st.sampled_from(["", "\n", "# ]\n"]))
                made.at(*table, plain, "in", "side", number)
                made.text += "'}',"
            made.text += " ] } }\n"


@given(documents())
def test_every_key_is_found_on_its_line(made: Written) -> None:
    tomllib.loads(made.text)
    found = key_lines(made.text)
    assert {path: found.get(path) for path in made.lines} == made.lines


@given(documents())
def test_windows_line_ends_change_nothing(made: Written) -> None:
    assert key_lines(made.text.replace("\n", "\r\n")) == key_lines(made.text)
