"""Completions for a query that is being typed."""

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
    """One possible completion of a query.

    :ivar text: the whole query after the completion.
    :ivar shown: the text of the offer: a field with its colon or ``<``, or a value.
    :ivar meaning: an explanation in a few words; "" for values.
    """

    text: str
    shown: str
    meaning: str = ""


#: A function that returns the desk's names for a field (first argument) that begin with a text
#: (second argument): services, customers, agents and so on.
NameLookup = Callable[[str, str], Sequence[str]]


def complete(text: str, names: NameLookup, limit: int = 8) -> list[Completion]:
    """Return at most ``limit`` completions at the end of a query, in the usual order of fields.

    :param names: looks up the values of fields whose values are names.
    """
    found = _LAST_VALUE.search(text)
    if found is not None:
        return list(_values(text, found, names))[:limit]
    found = _LAST_NAME.search(text)
    if found is None:
        return []
    start = text[: found.start("name")]
    typed = found["name"].lower()
    known = [*((field.name, field.meaning) for field in FIELDS.values()), ("sort", "order by")]
    return [
        Completion(f"{start}{name}{_operator(name)}", f"{name}{_operator(name)}", meaning)
        for name, meaning in known
        if name.startswith(typed)
    ][:limit]


def _operator(name: str) -> str:
    field = FIELDS.get(name)
    return "<" if field is not None and field.kind in (FieldKind.DUE, FieldKind.WHEN) else ":"


def _values(text: str, found: re.Match[str], names: NameLookup) -> Iterable[Completion]:
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
