"""Limits for the formatting of an article, counted before it is parsed as Markdown.

A parser needs much more time for nested or unfinished marks than for text, and every block and
every cell of a table takes a widget on the screen.  What exceeds a limit is shown as plain text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MARKS = re.compile(r"[*_~`\[\]<&!|]")
_BLOCK = re.compile(r"[\s>]*(?:[-*+]|[0-9]{1,9}[.)])\s|[\s>]*#{1,6}\s")
_PREFIX = re.compile(r"(?:\s*(?:>|[-*+](?=\s)|[0-9]{1,9}[.)](?=\s)))+")
_MARKER = re.compile(r"[>*+-]|[0-9]+")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")


@dataclass(frozen=True, slots=True)
class TooHeavy:
    """Why a text is not shown formatted.

    :ivar line: the line on which a limit is exceeded, from 1.
    :ivar problem: which limit, as the end of a sentence.
    """

    line: int
    problem: str


@dataclass(slots=True)
class _Count:
    """What was counted so far."""

    characters: int = 0
    marks: int = 0
    blocks: int = 0
    cells: int = 0
    code_lines: int = 0


#: The limits of a whole text; the largest article of a typical knowledge base has a tenth of each.
_LIMITS = (
    ("characters", 200_000, "characters"),
    ("marks", 4_000, "marks such as * and ["),
    ("blocks", 500, "paragraphs, headings and list items"),
    ("cells", 500, "cells of tables"),
    ("code_lines", 2_000, "lines of code"),
)
_LINE_LIMIT, _DEPTH_LIMIT = 20_000, 20


def too_heavy(body: str) -> TooHeavy | None:
    """Return why a Markdown text is too heavily formatted to be shown formatted; None if it is not.

    Takes time in proportion to the text, whatever it contains.
    """
    for number, line, count in _counts(body):
        if len(line) > _LINE_LIMIT:
            return TooHeavy(number, f"the line has more than {_LINE_LIMIT:,} characters")
        if _depth(line) > _DEPTH_LIMIT:
            return TooHeavy(number, f"it is nested more than {_DEPTH_LIMIT} levels deep")
        for name, limit, noun in _LIMITS:
            if getattr(count, name) > limit:
                return TooHeavy(number, f"there are more than {limit:,} {noun} up to here")
    return None


def _counts(body: str) -> Iterator[tuple[int, str, _Count]]:
    """Yield (number, text, what was counted up to its end) of each line."""
    count = _Count()
    in_code, after_blank = False, True
    for number, line in enumerate(body.split("\n"), 1):
        count.characters += len(line) + 1
        if _FENCE.match(line):
            in_code = not in_code
            count.blocks += in_code
        elif in_code:
            count.code_lines += 1
        elif line.strip():
            count.marks += len(_MARKS.findall(line))
            pipes = line.count("|")
            count.cells += pipes + 1 if pipes else 0
            count.blocks += not pipes and (after_blank or _BLOCK.match(line) is not None)
        after_blank = not line.strip()
        yield number, line, count


def _depth(line: str) -> int:
    """Return how deeply a line is nested in quotes and lists."""
    found = _PREFIX.match(line)
    if found is None:
        return 0
    indented = line.expandtabs(4)
    return len(_MARKER.findall(found[0])) + (len(indented) - len(indented.lstrip())) // 2
