"""Changing single values in the front matter of an article; everything else stays as it is."""

import re
from collections.abc import Mapping
from datetime import date

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _

_KEY = re.compile(r"([A-Za-z_][\w-]*)\s*:")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.@ -]*[A-Za-z0-9]")


def with_values(path: str, text: str, values: Mapping[str, str | date | None]) -> str:
    """Return the text of an article with other values of keys in its front matter.

    :param values: the new values by key; None removes the key, and a key that is missing is added
        at the end.
    :raises RefusedError: if the text has no front matter.
    """
    ending = "\r\n" if text.startswith("---\r\n") else "\n"
    lines = text.split(ending)
    first = lines[0].removeprefix("\ufeff").rstrip()
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), 0)
    if first != "---" or not end:
        message = _("{path} has no front matter, between two lines '---', to note it in.")
        raise RefusedError(message.format(path=path))
    head = _blocks(lines[1:end])
    for key, value in values.items():
        place = next((n for n, (name, _block) in enumerate(head) if name == key), None)
        block = [] if value is None else [f"{key}: {_written(value)}"]
        if place is None:
            head.append((key, block))
        else:
            head[place] = (key, block)
    changed = [line for _name, block in head for line in block]
    return ending.join([lines[0], *changed, *lines[end:]])


def _blocks(lines: list[str]) -> list[tuple[str, list[str]]]:
    """Return the lines of each key, with what belongs to them; "" names lines before the first."""
    blocks: list[tuple[str, list[str]]] = []
    for line in lines:
        found = _KEY.match(line)
        if found or not blocks:
            blocks.append((found[1] if found else "", [line]))
        else:
            blocks[-1][1].append(line)
    return blocks


def _written(value: str | date) -> str:
    if isinstance(value, date) or _PLAIN.fullmatch(value):
        return str(value)
    return "'" + value.replace("'", "''") + "'"
