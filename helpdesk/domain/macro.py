"""Macros: steps that run one after the other, each written as a line (``pend requester 2d``)."""

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
from helpdesk.domain.ticket import ReplyWay, Verb, Waiting
from helpdesk.domain.ticket_fields import SETTABLE

W = TypeVar("W", bound=StrEnum)

#: The most steps that a macro may have.
STEPS_LIMIT = 20
#: The most characters that a step may have.
STEP_LENGTH_LIMIT = 500

#: The syntax of each step, as shown to people.
STEP_SYNTAX: Mapping[Verb, str] = {
    Verb.CLAIM: "claim",
    Verb.RELEASE: "release",
    Verb.ASSIGN: "assign LOGIN|me",
    Verb.REPLY: "reply [mail|phone|person] (with the macro's text)",
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
_WITHOUT_ARGUMENTS = (Verb.CLAIM, Verb.RELEASE, Verb.RESUME, Verb.CLOSE)
_FIELDS: Mapping[str, type[StrEnum] | None] = {
    field.name: field.choices for field in SETTABLE if field.name not in ("subject", "requester")
}


@dataclass(frozen=True, slots=True)
class MacroStep:
    """A parsed step; the fields that its verb does not use are empty.

    :ivar who: for ``assign``, a login, or ``me`` for the person who runs the macro.
    :ivar level: for ``escalate`` and ``return``, the target level.
    :ivar words: the reason, the text of the note, or the path of the article.
    :ivar by: for ``reply``, how the requester gets it.
    :ivar waiting: for ``pend``, whom or what the ticket waits for.
    :ivar until: for ``pend``, the end of the wait as it was written (``2d``).
    :ivar tags: for ``tag``, the tags to add and remove.
    :ivar fields: for ``set``, the (name, value) pairs.
    """

    verb: Verb
    who: str = ""
    level: Level | None = None
    words: str = ""
    by: ReplyWay | None = None
    waiting: Waiting | None = None
    until: str = ""
    tags: TagChange | None = None
    fields: tuple[tuple[str, str], ...] = ()


def read_step(line: str) -> MacroStep:
    """Parse a step.

    :raises RefusedError: if it cannot be parsed; the sentence shows the syntax.
    """
    if len(line) > STEP_LENGTH_LIMIT:
        raise RefusedError(
            f"the step has {len(line)} characters; at most {STEP_LENGTH_LIMIT} are read: "
            "shorten it."
        )
    name, _, rest = line.strip().partition(" ")
    verb = next((known for known in STEP_SYNTAX if known == name.lower()), None)
    if verb is None:
        raise RefusedError(
            f"{one_line(name)[:40]!r} is no step: use one of {', '.join(STEP_SYNTAX)}."
        )
    require_known(rest)
    return _read(verb, rest.strip())


def _read(verb: Verb, rest: str) -> MacroStep:
    if verb in _WITHOUT_ARGUMENTS:
        if rest:
            raise _syntax_error(verb)
        return MacroStep(verb)
    match verb:
        case Verb.ASSIGN if rest and " " not in rest:
            return MacroStep(verb, who=rest)
        case Verb.REPLY:
            return MacroStep(verb, by=_member(rest.lower(), ReplyWay, verb) if rest else None)
        case Verb.ESCALATE | Verb.RETURN:
            level, _, reason = rest.partition(" ")
            if reason.strip():
                return MacroStep(
                    verb, level=_member(level.upper(), Level, verb), words=reason.strip()
                )
        case Verb.PEND:
            on, _, until = rest.partition(" ")
            return MacroStep(verb, waiting=_member(on.lower(), Waiting, verb), until=until.strip())
        case Verb.TAG:
            return MacroStep(verb, tags=read_change(rest))
        case Verb.SET:
            return MacroStep(verb, fields=_fields(rest))
        case Verb.NOTE | Verb.RESOLVE:
            return MacroStep(verb, words=rest)
        case Verb.REOPEN if rest:
            return MacroStep(verb, words=rest)
    raise _syntax_error(verb)


def _syntax_error(verb: Verb) -> RefusedError:
    return RefusedError(f"a step '{verb}' is written: {STEP_SYNTAX[verb]}.")


def _member(text: str, enumeration: type[W], verb: Verb) -> W:
    for member in enumeration:
        if member == text:
            return member
    raise RefusedError(
        f"{one_line(text)[:40]!r} is not one of {', '.join(enumeration)}; "
        f"a step '{verb}' is written: "
        f"{STEP_SYNTAX[verb]}."
    )


def _fields(rest: str) -> tuple[tuple[str, str], ...]:
    try:
        parts = shlex.split(rest)
    except ValueError:
        raise RefusedError("a quotation mark in the step is never closed: close it.") from None
    found = []
    for part in parts:
        name, _, value = part.partition("=")
        if name not in _FIELDS or not value.strip():
            raise _syntax_error(Verb.SET)
        choices = _FIELDS[name]
        if choices is not None and value not in list(choices):
            raise RefusedError(
                f"{one_line(value)[:40]!r} is no {name}: use one of {', '.join(choices)}."
            )
        found.append((name, value))
    if not found:
        raise _syntax_error(Verb.SET)
    return tuple(found)
