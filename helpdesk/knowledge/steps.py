"""The steps of an SOP with all that belongs to them: headings, nested text, commands, checks."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

from helpdesk.knowledge.article import headings, prose

_STEP = re.compile(r"(\s*)[-*+]\s+\[[ xX]\]\s+(.*)")


@dataclass(frozen=True, slots=True)
class StepText:
    """What a reader needs for one step.

    :ivar heading: the headings since the step before, such as ``Contain``; "" if there is none.
    :ivar indent: how many blanks stand before the step, as it is nested in another one.
    :ivar details: the lines below its first line, in the source's own layout; "" if there are none.
    """

    heading: str
    indent: int
    details: str


def step_texts(body: str) -> Iterator[StepText]:
    """Yield the text around each step of a body, in the order of ``Article.steps``."""
    titles = {line: text for line, _level, text in headings(body)}
    outside = {line for line, _text in prose(body)}
    heading, pending = "", ""
    indent = -1
    details: list[str] = []
    for number, line in enumerate(body.split("\n")):
        step = _STEP.match(line) if number in outside else None
        if number in titles or step:
            if indent >= 0:
                yield StepText(heading, indent, _dedented(details))
            indent, details = -1, []
        if number in titles:
            pending = titles[number]
        elif step:
            heading, pending, indent = pending, "", len(step[1].expandtabs(4))
        elif indent >= 0:
            details.append(line)
    if indent >= 0:
        yield StepText(heading, indent, _dedented(details))


def _dedented(lines: list[str]) -> str:
    return textwrap.dedent("\n".join(lines).expandtabs(4)).strip("\n").rstrip()
