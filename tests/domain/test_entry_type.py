"""The code names types of timeline entries by their members, never by string literals."""

import ast
from collections.abc import Iterator
from pathlib import Path

from helpdesk.domain.entry_type import EntryType

ROOT = Path(__file__).resolve().parents[2] / "helpdesk"
WORDS = frozenset(entry.value for entry in EntryType)
#: The functions that take the type of an entry as an argument.
_FUNCTIONS = {"record", "record_system_entry", "hand_over", "_record", "_add", "events_of_types"}


def bare_words(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield the line and the word of each string literal that is used as the type of an entry."""
    for node in ast.walk(tree):
        for part in typed_parts(node):
            for child in ast.walk(part):
                if isinstance(child, ast.Constant) and child.value in WORDS:
                    yield child.lineno, str(child.value)


def typed_parts(node: ast.AST) -> Iterator[ast.AST]:
    """Yield the parts of an expression in which a string would be the type of an entry."""
    match node:
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name), args=arguments):
            if name in _FUNCTIONS:
                yield from (part for part in arguments if not isinstance(part, ast.Dict | ast.Call))
            yield from (word.value for word in node.keywords if word.arg == "type")
        case ast.Compare(left=left, comparators=others):
            if any(is_type(operand) for operand in (left, *others)):
                yield from (operand for operand in (left, *others) if not is_type(operand))
        case ast.Match(subject=subject, cases=cases) if is_type(subject):
            yield from (case.pattern for case in cases)
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "type":
                    yield value


def is_type(node: ast.AST) -> bool:
    """Whether an expression is ``….type`` or ``…["type"]``."""
    match node:
        case ast.Attribute(attr="type") | ast.Subscript(slice=ast.Constant(value="type")):
            return True
    return False


def test_no_type_is_named_by_a_bare_word() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line} {word!r}"
        for file in sorted(ROOT.rglob("*.py"))
        for line, word in bare_words(ast.parse(file.read_text()))
    ]
    assert not found, "write EntryType.… instead"


def test_a_bare_word_is_found_wherever_a_type_belongs() -> None:
    code = """
change.record("claimed", data={"to": "assigned"})
change.record(EntryType.TICKED if done else "unticked")
self._add(at, "moved", "closed", data=data)
tickets.events_of_types(session, number, ("returned", "undone"))
TicketEvent(type="logged", text="replied")
row = {"type": "recomputed", "text": "resolved"}
if event.type in ("ticked", EntryType.UNTICKED) or "noted" != row["type"]: ...
match event["type"]:
    case "warned" | EntryType.BREACHED: ...
if ticket.state == "closed" or Verb("split"): ...
"""
    assert {word for _, word in bare_words(ast.parse(code))} == {
        *("claimed", "unticked", "moved", "closed", "returned", "undone", "logged", "recomputed"),
        *("ticked", "noted", "warned"),
    }


def test_the_word_of_a_newer_version_is_kept() -> None:
    entry = EntryType.read("teleported")
    assert (str(entry), entry.moves_clocks, entry.undo_name) == ("teleported", False, "")
    assert entry not in list(EntryType)
    assert EntryType.read("claimed") is EntryType.CLAIMED
