"""Read files of macros and canned replies, find every mistake in them, and write them.

::

    [macros."password reset"]
    steps = ["claim", "tag +reset", "reply", "pend requester 2d"]
    text = "Hello {requester}, …"
    version = 3  # replace this version only; without this key, any version

    [replies.greeting]
    text = "Hello {requester}, thank you for {ticket}."
"""

import json
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.macro import STEPS_LIMIT, read_step
from helpdesk.domain.names import accept_name
from helpdesk.domain.parsing import parse_toml
from helpdesk.domain.placeholders import require_known
from helpdesk.domain.text import accept

#: The maximum size of a file.
SIZE_LIMIT = 1024 * 1024
_NEEDS_TEXT = ("reply", "escalate")

#: The tables that a file may hold, and the keys of each.
_KEYS = {"macros": ("steps", "text", "version"), "replies": ("text", "version")}


@dataclass(frozen=True, slots=True)
class MacroText:
    """A macro as it stands in a file; without steps it is a canned reply.

    :ivar steps: the steps, one text each.
    :ivar text: the text that the steps use.
    :ivar version: the version of the stored macro that it replaces; None: any.
    """

    name: str
    steps: tuple[str, ...]
    text: str
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Flaw:
    """A mistake in a macro.

    :ivar macro: the name of the macro.
    :ivar step: the number of the step, from 1 on; 0 for the text or the whole macro.
    :ivar sentence: what is wrong.
    """

    macro: str
    step: int
    sentence: str

    def __str__(self) -> str:
        where = f"step {self.step}: " if self.step else ""
        return f"{self.macro!r}: {where}{self.sentence}"


def read_file(text: str) -> tuple[tuple[MacroText, ...], tuple[Flaw, ...]]:
    """Return the macros and replies in a file, and every mistake in it.

    :raises RefusedError: if the file is too large or not valid TOML.
    """
    if len(text) > SIZE_LIMIT:
        raise RefusedError("the file is larger than 1 MiB: is it one of macros?")
    try:
        document = parse_toml(text)
    except tomllib.TOMLDecodeError as error:
        raise RefusedError(f"this is no TOML: {error}.") from None
    flaws = [
        Flaw(str(key), 0, "is not known here: use [macros.NAME] and [replies.NAME].")
        for key in document
        if key not in _KEYS
    ]
    found: list[MacroText] = []
    for kind in _KEYS:
        tables = document.get(kind, {})
        if not isinstance(tables, dict):
            flaws.append(Flaw(kind, 0, f"write it as [{kind}.NAME]."))
            continue
        for name, table in tables.items():
            try:
                found.append(_read(kind, name, table))
            except RefusedError as error:
                flaws.append(Flaw(str(name), 0, str(error)))
    flaws += [flaw for macro in found for flaw in flaws_of(macro)]
    names = [macro.name for macro in found]
    flaws += [
        Flaw(name, 0, "is there twice: as a macro and as a reply.")
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    return tuple(found), tuple(flaws)


def _read(kind: str, name: str, table: object) -> MacroText:
    name = accept_name(name, "macro")
    if not isinstance(table, dict):
        raise RefusedError(f"write it as [{kind}.NAME] with keys below.")
    for key in table:
        if key not in _KEYS[kind]:
            raise RefusedError(f"{str(key)[:40]!r} is not known here.")
    version = _read_version(table.get("version"))
    text = table.get("text", "")
    if not isinstance(text, str):
        raise RefusedError("text is no text: put it between quotation marks.")
    steps = _read_steps(table.get("steps", []))
    if kind == "macros" and not 0 < len(steps) <= STEPS_LIMIT:
        raise RefusedError(f"it needs 1 to {STEPS_LIMIT} steps.")
    if kind == "replies" and not text.strip():
        raise RefusedError('it has no text: add text = "…".')
    return MacroText(name, steps, accept(text, "text"), version)


def _read_version(version: object) -> int | None:
    if version is None:
        return None
    if type(version) is not int or version < 0:
        raise RefusedError("version is no number: leave it as 'macro show' wrote it.")
    return version


def _read_steps(steps: object) -> tuple[str, ...]:
    if not isinstance(steps, list) or not all(isinstance(step, str) for step in steps):
        raise RefusedError('steps is a list of texts: ["claim", "reply"].')
    return tuple(" ".join(step.split()) for step in steps)


def flaws_of(macro: MacroText) -> Iterator[Flaw]:
    """Yield the mistakes in a macro that can be found without asking the desk."""
    try:
        require_known(macro.text)
    except RefusedError as error:
        yield Flaw(macro.name, 0, str(error))
    for number, line in enumerate(macro.steps, 1):
        try:
            step = read_step(line)
        except RefusedError as error:
            yield Flaw(macro.name, number, str(error))
            continue
        bare_note = step.verb == "note" and not step.words
        if (step.verb in _NEEDS_TEXT or bare_note) and not macro.text.strip():
            yield Flaw(macro.name, number, f"'{step.verb}' needs the macro's text, which is empty.")


def write_file(macros: Iterable[MacroText]) -> str:
    """Return the text of a file from which :func:`read_file` reads these macros."""
    parts = []
    for macro in macros:
        kind = "macros" if macro.steps else "replies"
        lines = [f"[{kind}.{_quoted(macro.name)}]"]
        if macro.steps:
            lines.append("steps = [\n" + "".join(f"    {_quoted(s)},\n" for s in macro.steps) + "]")
        if macro.version is not None:
            lines.append(f"version = {macro.version}")
        if macro.text:
            lines.append(f"text = {_quoted(macro.text)}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def _quoted(text: str) -> str:
    # TOML has the same escapes as JSON, except that DEL must be escaped as well. Without
    # ensure_ascii=False, JSON would write surrogate pairs, which TOML does not allow.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
