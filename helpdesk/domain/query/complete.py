"""What can stand at the end of a query that is being typed."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from helpdesk.domain.query.fields import FIELDS, SORTS, FieldKind
from helpdesk.domain.query.terms import quoted, value_text

_LAST_VALUE = re.compile(
    r'(?:^|\s)-?(?P<name>[^\W\d_]{1,20}):(?:[^\s",]+,|"[^"]*",)*(?P<open>"?)(?P<value>[^\s",]*|'
    r'(?<=")[^"]*)$'
)
_LAST_NAME = re.compile(r"(?:^|\s)-?(?P<name>[^\W\d_]{0,20})$")


@dataclass(frozen=True, slots=True)
class Completion:
    """A way in which the query can go on.

    :ivar text: the whole query with it.
    :ivar shown: what is offered: a field with its colon, or a value.
    :ivar meaning: what it is, in a few words; "" for values.
    """

    text: str
    shown: str
    meaning: str = ""


#: Returns the names that the desk knows for a field and that begin with a text.
Names = Callable[[str, str], Sequence[str]]


def complete(text: str, names: Names, limit: int = 8) -> list[Completion]:
    """Return how a query can go on where it ends now, the likeliest first."""
    found = _LAST_VALUE.search(text)
    if found is not None:
        return list(_values(text, found, names))[:limit]
    found = _LAST_NAME.search(text)
    if found is None:
        return []
    start = text[: found.start("name")]
    typed = found["name"].lower()
    every = [*((field.name, field.meaning) for field in FIELDS.values()), ("sort", "order by")]
    return [
        Completion(f"{start}{name}{_sign(name)}", f"{name}{_sign(name)}", meaning)
        for name, meaning in every
        if name.startswith(typed)
    ][:limit]


def _sign(name: str) -> str:
    field = FIELDS.get(name)
    return "<" if field is not None and field.kind in (FieldKind.DUE, FieldKind.WHEN) else ":"


def _values(text: str, found: re.Match[str], names: Names) -> Iterable[Completion]:
    name, typed = found["name"].lower(), found["value"]
    start = text[: found.start("open")]
    field = FIELDS.get(name)
    if name == "sort":
        words: Sequence[str] = [*SORTS, *(f"-{key}" for key in SORTS)]
    elif field is None:
        return
    else:
        words = list(field.words)
        if field.kind is FieldKind.NAME:
            words = [*words, *names(name, typed)]
    for word in dict.fromkeys(words):
        if word.lower().startswith(typed.lower()) or word not in (field.words if field else ()):
            shown = word if name == "sort" else value_text(word)
            if name == "sort" and not word.startswith(typed):
                continue
            yield Completion(f"{start}{quoted(word) if found['open'] else shown}", word)
