"""Tags: short words that tickets are marked with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

_TAG = re.compile(r"\w[\w./-]{0,39}")
#: A ticket with more tags than this is marked with none.
MOST = 30


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to put on a ticket and to take off it; what is there already, or gone, stays so."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def read_tag(text: str) -> str:
    """Return a tag as it is stored: in lower case.

    :raises RefusedError: if it is none: letters, digits and ``_ . / -``, at most 40.
    """
    tag = text.strip().lower()
    if not _TAG.fullmatch(tag):
        raise RefusedError(
            f"{one_line(text)[:60]!r} is no tag: use 1 to 40 letters, digits, or _ . / - within."
        )
    return tag


def read_change(text: str) -> TagChange:
    """Read ``+vip,-x``; a tag without a sign is added.

    :raises RefusedError: if a part is no tag, or nothing is named.
    """
    add: list[str] = []
    remove: list[str] = []
    for part in re.split(r"[,\s]+", text.strip()):
        if part:
            where = remove if part.startswith("-") else add
            where.append(read_tag(part.removeprefix("+") if where is add else part[1:]))
    if not add and not remove:
        raise RefusedError("no tag is named: write +vip to add one, -vip to take it off.")
    both = set(add) & set(remove)
    if both:
        raise RefusedError(f"{min(both)} is both added and taken off: name it once.")
    return TagChange(tuple(dict.fromkeys(add)), tuple(dict.fromkeys(remove)))


def changed(before: Iterable[str], change: TagChange) -> tuple[str, ...]:
    """Return the tags of a ticket after a change, in order.

    :raises RefusedError: if they are too many.
    """
    after = sorted((set(before) | set(change.add)) - set(change.remove))
    if len(after) > MOST:
        raise RefusedError(f"a ticket bears at most {MOST} tags: take some off.")
    return tuple(after)
