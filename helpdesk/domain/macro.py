"""Macros: steps that are done one after the other, each a line such as ``pend requester 2d``."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.placeholders import require_known
from helpdesk.domain.tags import TagChange, read_change
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import Verb, Waiting
from helpdesk.domain.ticket_fields import SETTABLE

W = TypeVar("W", bound=StrEnum)

STEPS_LIMIT = 20
STEP_LIMIT = 500

#: How each step is written.
GRAMMAR: Mapping[Verb, str] = {
    Verb.CLAIM: "claim",
    Verb.RELEASE: "release",
    Verb.ASSIGN: "assign LOGIN|me",
    Verb.REPLY: "reply (with the macro's text)",
    Verb.NOTE: "note [WORDS] (without words: the macro's text)",
    Verb.ESCALATE: "escalate L2 REASON (the macro's text is what is asked)",
    Verb.RETURN: "return L1 REASON",
    Verb.PEND: "pend requester|vendor|date [2d]",
    Verb.RESUME: "resume",
    Verb.RESOLVE: "resolve [ARTICLE.md]",
    Verb.REOPEN: "reopen REASON",
    Verb.CLOSE: "close",
    Verb.TAG: "tag +vip -new",
    Verb.SET: "set service=vpn impact=low urgency=high kind=request customer=NAME",
}
_BARE = (Verb.CLAIM, Verb.RELEASE, Verb.REPLY, Verb.RESUME, Verb.CLOSE)
_FIELDS: Mapping[str, type[StrEnum] | None] = {
    field.name: field.choices for field in SETTABLE if field.name not in ("subject", "requester")
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step that was read.

    :ivar who: of ``assign`` the login, ``me`` for whoever runs it.
    :ivar level: of ``escalate`` and ``return``.
    :ivar words: the reason, the note's own words, the article's path.
    """

    verb: Verb
    who: str = ""
    level: Level | None = None
    words: str = ""
    waiting: Waiting | None = None
    until: str = ""
    tags: TagChange | None = None
    fields: tuple[tuple[str, str], ...] = ()


def read_step(line: str) -> Step:
    """Read a step.

    :raises RefusedError: saying how it is written.
    """
    if len(line) > STEP_LIMIT:
        raise RefusedError(f"the step has {len(line)} characters; at most {STEP_LIMIT} are read.")
    name, _, rest = line.strip().partition(" ")
    verb = next((one for one in GRAMMAR if one == name.lower()), None)
    if verb is None:
        raise RefusedError(f"{one_line(name)[:40]!r} is no step: use one of {', '.join(GRAMMAR)}.")
    require_known(rest)
    return _read(verb, rest.strip())


def _read(verb: Verb, rest: str) -> Step:
    if verb in _BARE:
        if rest:
            raise _wrong(verb)
        return Step(verb)
    match verb:
        case Verb.ASSIGN if rest and " " not in rest:
            return Step(verb, who=rest)
        case Verb.ESCALATE | Verb.RETURN:
            level, _, reason = rest.partition(" ")
            if reason.strip():
                return Step(verb, level=_word(level.upper(), Level, verb), words=reason.strip())
        case Verb.PEND:
            on, _, until = rest.partition(" ")
            return Step(verb, waiting=_word(on.lower(), Waiting, verb), until=until.strip())
        case Verb.TAG:
            return Step(verb, tags=read_change(rest))
        case Verb.SET:
            return Step(verb, fields=_fields(rest))
        case Verb.NOTE | Verb.RESOLVE:
            return Step(verb, words=rest)
        case Verb.REOPEN if rest:
            return Step(verb, words=rest)
    raise _wrong(verb)


def _wrong(verb: Verb) -> RefusedError:
    return RefusedError(f"a step '{verb}' is written: {GRAMMAR[verb]}.")


def _word(text: str, kind: type[W], verb: Verb) -> W:
    for member in kind:
        if member == text:
            return member
    raise RefusedError(
        f"{one_line(text)[:40]!r} is not one of {', '.join(kind)}; a step '{verb}' is written: "
        f"{GRAMMAR[verb]}."
    )


def _fields(rest: str) -> tuple[tuple[str, str], ...]:
    try:
        parts = shlex.split(rest)
    except ValueError:
        raise RefusedError("a quotation mark in the step is never closed.") from None
    found = []
    for part in parts:
        name, _, value = part.partition("=")
        if name not in _FIELDS or not value.strip():
            raise _wrong(Verb.SET)
        kind = _FIELDS[name]
        if kind is not None and value not in list(kind):
            raise RefusedError(
                f"{one_line(value)[:40]!r} is no {name}: use one of {', '.join(kind)}."
            )
        found.append((name, value))
    if not found:
        raise _wrong(Verb.SET)
    return tuple(found)
