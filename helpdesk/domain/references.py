"""References to tickets in the data of timeline entries and notices.

A reader may not see every ticket to which another one refers.  What the program stored about such a
ticket is taken out of the data before it is shown, see :func:`without_hidden`.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

from helpdesk.domain.ticket import ANY_REF, number_in_ref

#: How a ticket that the reader may not see is named in a sentence.
HIDDEN_TICKET = "a ticket that you may not see"
_IN_TEXT = re.compile(
    rf"(?<![\w-]){re.escape(ANY_REF.removesuffix('n'))}[0-9]{{1,18}}(?!\w)", re.IGNORECASE
)
#: What is still shown of an entry that refers to a hidden ticket: no words of that ticket.
_HARMLESS = frozenset({"kind", "article", "entry"})


def tickets_in(value: Any) -> set[int]:
    """Return the numbers of all tickets to which the texts in a JSON value refer."""
    return {
        number
        for text in _texts(value)
        for found in _IN_TEXT.findall(text)
        if (number := number_in_ref(found)) is not None
    }


def without_hidden(data: Mapping[str, Any], visible: Collection[int]) -> dict[str, Any]:
    """Return the data of an entry or notice without what it says about other, hidden tickets.

    A value that is a reference to a hidden ticket becomes None, and so that nothing else tells
    about that ticket (its subject, its requester), all other words beside it become "".  A
    reference within a sentence is replaced by :data:`HIDDEN_TICKET`.

    :param visible: the numbers of the tickets that the reader may see.
    """

    def is_hidden(text: object) -> bool:
        number = number_in_ref(text) if isinstance(text, str) else None
        return number is not None and number not in visible

    def in_words(found: re.Match[str]) -> str:
        return HIDDEN_TICKET if is_hidden(found[0]) else found[0]

    if not any(map(is_hidden, data.values())):
        return {name: _each_text(value, lambda text: _IN_TEXT.sub(in_words, text))
                for name, value in data.items()}  # fmt: skip
    return {
        name: None
        if is_hidden(value)
        else value
        if name in _HARMLESS
        else _each_text(value, lambda text: text if number_in_ref(text) is not None else "")
        for name, value in data.items()
    }


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _each_text(value: Any, change: Callable[[str], str]) -> Any:
    """Return a JSON value in which each text is replaced by what ``change`` returns for it."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _each_text(one, change) for name, one in value.items()}
    if isinstance(value, list):
        return [_each_text(one, change) for one in value]
    return value
