"""The headings of an article, and its answers in several languages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_CODE_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
#: The heading of an answer, if the front matter names no other one.
ANSWER = "Answer"
#: The end of the heading of an answer in another language, as in ``Answer (de)``.
_LANGUAGE = r"(?:\s*\(\s*([^()]*?)\s*\))?"


@dataclass(frozen=True, slots=True)
class AnswerSection:
    """A section of an article whose text can be sent to the requester.

    :ivar language: the code in its heading, such as ``de``; "" for the plain heading ``Answer``.
    :ivar line: the line of its heading in the body, from 0.
    :ivar end: the line after its last line.
    """

    language: str
    line: int
    end: int
    text: str


def answer_sections(body: str, heading: str = "") -> tuple[AnswerSection, ...]:
    """Return the sections "Answer" and "Answer (…)" of a body, in order.

    :param heading: what they are called in this article; "" for "Answer".
    """
    name = re.escape(heading or ANSWER)
    if not re.search(rf"^#{{1,6}}\s+{name}", body, re.MULTILINE | re.IGNORECASE):
        return ()
    pattern = re.compile(name + _LANGUAGE, re.IGNORECASE)
    lines = body.split("\n")
    found = list(headings(body))
    sections = []
    for place, (number, level, text) in enumerate(found):
        named = pattern.fullmatch(text)
        if named:
            end = next((n for n, other, _ in found[place + 1 :] if other <= level), len(lines))
            answer = "\n".join(lines[number + 1 : end]).strip()
            language = (named[1] or "").casefold()
            sections.append(AnswerSection(language, number, end, answer))
    return tuple(sections)


def body_in(body: str, language: str, heading: str = "") -> str:
    """Return a body with the answer in one language only.

    :param language: a code such as ``de``; "", and one that has no section of its own, stand for
        the plain section "Answer".
    :param heading: as for :func:`answer_sections`.
    """
    sections = answer_sections(body, heading)
    kept = language if any(each.language == language for each in sections) else ""
    left_out: set[int] = set()
    for each in sections:
        if each.language != kept:
            left_out.update(range(each.line, each.end))
    if not left_out:
        return body
    lines = body.split("\n")
    return "\n".join(line for place, line in enumerate(lines) if place not in left_out)


def headings(body: str) -> Iterator[tuple[int, int, str]]:
    """Yield (line, level, text) of each heading; lines are counted from 0."""
    if "#" not in body:
        return
    for number, line in prose(body):
        found = _HEADING.match(line) if line.startswith("#") else None
        if found:
            yield number, len(found[1]), found[2].rstrip().rstrip("#").rstrip()


def prose(body: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the lines outside fenced code; lines are counted from 0."""
    if "```" not in body and "~~~" not in body:
        yield from enumerate(body.split("\n"))
        return
    fence = ""
    for number, line in enumerate(body.split("\n")):
        mark = _CODE_FENCE.match(line) if "```" in line or "~~~" in line else None
        if mark and not fence:
            fence = mark.group(1)
        elif mark and mark.group(1).startswith(fence):
            fence = ""
        elif not fence:
            yield number, line
