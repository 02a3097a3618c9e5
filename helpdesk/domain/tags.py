"""Tags: short labels on tickets."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

_TAG = re.compile(r"\w[\w./-]{0,39}")
#: The most tags that a ticket can have.
MAX_TAGS = 30


@dataclass(frozen=True, slots=True)
class TagChange:
    """Tags to add to and remove from a ticket.

    Adding a tag that the ticket has, or removing one that it lacks, does nothing.
    """

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def read_tag(text: str) -> str:
    """Return a tag as it is stored: in lower case.

    :raises RefusedError: if it is not 1 to 40 letters, digits and ``_ . / -``, beginning with a
        letter, digit or ``_``.
    """
    tag = text.strip().lower()
    if not _TAG.fullmatch(tag):
        raise RefusedError(
            f"{one_line(text)[:60]!r} is no tag: use 1 to 40 letters, digits, or _ . / - within."
        )
    return tag


def read_change(text: str) -> TagChange:
    """Read a change such as ``+vip,-new``; a tag without a sign is added.

    :raises RefusedError: if a part is not a valid tag, if there are no tags, or if a tag is both
        added and removed.
    """
    add: list[str] = []
    remove: list[str] = []
    for part in re.split(r"[,\s]+", text.strip()):
        if part:
            target = remove if part.startswith("-") else add
            target.append(read_tag(part.removeprefix("+") if target is add else part[1:]))
    if not add and not remove:
        raise RefusedError("no tag is named: write +vip to add one, -vip to take it off.")
    both = set(add) & set(remove)
    if both:
        raise RefusedError(f"{min(both)} is both added and taken off: name it once.")
    return TagChange(tuple(dict.fromkeys(add)), tuple(dict.fromkeys(remove)))


def apply_change(before: Iterable[str], change: TagChange) -> tuple[str, ...]:
    """Return the tags of a ticket after a change, in alphabetical order.

    :raises RefusedError: if there are more than :data:`MAX_TAGS`.
    """
    after = sorted((set(before) | set(change.add)) - set(change.remove))
    if len(after) > MAX_TAGS:
        raise RefusedError(f"a ticket has at most {MAX_TAGS} tags: take some off.")
    return tuple(after)
