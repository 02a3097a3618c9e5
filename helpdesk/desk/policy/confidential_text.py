"""Take what a policy says about confidential customers out of its text, line by line.

The other lines keep their numbers, so that a mistake is found at the line that is named for it.
"""

import tomllib
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.policy.toml_lines import KeyPath, key_lines
from helpdesk.store.database import visibility

_LEFT_OUT = "# left out: confidential to others"


def secrets(session: Session) -> frozenset[str]:
    """Return the names and mail domains of the customers hidden from the acting agent."""
    return frozenset(map(_plain, visibility.hidden_names(session)))


def names_any(text: str, words: Collection[str]) -> bool:
    """Whether a text contains one of the words that :func:`secrets` returned."""
    plain = _plain(text)
    return any(word in plain for word in words)


def without(text: str, words: Collection[str]) -> str:
    """Return the text of a policy without the tables and lines that name one of these customers.

    :param words: what :func:`secrets` returned.
    """
    if not words:
        return text
    secret_lines = _secret_lines(text, words)
    lines = [
        _LEFT_OUT if number in secret_lines or names_any(line, words) else line
        for number, line in enumerate(text.splitlines(), 1)
    ]
    shown = "\n".join((*lines, ""))
    return shown if _is_clean(shown, words) else f"{_LEFT_OUT}\n"


def _secret_lines(text: str, words: Collection[str]) -> set[int]:
    """Return the lines of the customers' tables, each up to the next key of something else."""
    starts: dict[int, bool] = {}
    for path, line in key_lines(text).items():
        starts[line] = starts.get(line, False) or _is_secret(path, words)
    found: set[int] = set()
    inside = False
    for number in range(1, len(text.splitlines()) + 1):
        inside = starts.get(number, inside)
        if inside:
            found.add(number)
    return found


def _is_secret(path: KeyPath, words: Collection[str]) -> bool:
    return len(path) > 1 and path[0] == "customers" and _plain(str(path[1])) in words


def _is_clean(text: str, words: Collection[str]) -> bool:
    """Whether no key or value names a customer, however it is escaped."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return not any(names_any(one, words) for one in _texts(found))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield name
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
