"""Lay a page out as lines of plain text, for a pager and for the app.

Only the Markdown that the pages use is known: headings, paragraphs, lists, tables, fenced code.
"""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from helpdesk.manual.pages import FENCE, HEADING, anchor_of

_ITEM = re.compile(r"(- |\d+\. )(.*)")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_RULE = re.compile(r"[|: -]+")
_GAP = 2
_NARROWEST = 8
_CODE_INDENT = "    "


class LineKind(Enum):
    """What a line is part of."""

    TITLE = auto()
    HEADING = auto()
    TEXT = auto()
    TABLE_HEAD = auto()
    CODE = auto()


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown.

    :ivar anchor: of a heading, what a link to it has after ``#``.
    """

    text: str
    kind: LineKind = LineKind.TEXT
    anchor: str = ""


def lay_out(page: str, width: int) -> list[Line]:
    """Return the lines of a page in Markdown.

    :param width: the most characters that a line may have; below 55 some tables need more.
    """
    lines: list[Line] = []
    for kind, block in _blocks(page):
        if lines:
            lines.append(Line(""))
        lines += _LAYOUTS[kind](block, width)
    return lines


def _blocks(page: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the parts of a page: their kind, and their lines without fences."""
    waiting = iter(page.split("\n"))
    for line in waiting:
        if line.startswith(FENCE):
            yield "code", list(iter(lambda: next(waiting), FENCE))
        elif HEADING.fullmatch(line):
            yield "heading", [line]
        elif line.strip():
            block = [line]
            for more in waiting:
                if not more.strip():
                    break
                block.append(more)
            first = block[0]
            yield ("table" if first[0] == "|" else "list" if _ITEM.match(first) else "text"), block


def _heading(block: list[str], width: int) -> list[Line]:
    marks, _, heading = block[0].partition(" ")
    heading = heading.replace("`", "")
    if len(marks) == 1:
        return [Line(heading, LineKind.TITLE, anchor_of(heading))]
    return [Line(heading, LineKind.HEADING, anchor_of(heading))]


def _text(block: list[str], width: int) -> list[Line]:
    return [Line(line) for line in _wrapped(_plain(" ".join(block)), width)]


def _list(block: list[str], width: int) -> list[Line]:
    items: list[tuple[str, str]] = []
    for line in block:
        found = _ITEM.match(line)
        if found:
            items.append((found[1], found[2]))
        else:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
    return [
        Line((mark if number == 0 else " " * len(mark)) + line)
        for mark, text in items
        for number, line in enumerate(_wrapped(_plain(text), width - len(mark)))
    ]


def _code(block: list[str], width: int) -> list[Line]:
    room = width - len(_CODE_INDENT)
    return [
        Line(f"{_CODE_INDENT}{line[start : start + room]}", LineKind.CODE)
        for line in block
        for start in range(0, max(1, len(line)), room)
    ]


def _table(block: list[str], width: int) -> list[Line]:
    rows = [_cells(line) for line in block if not _RULE.fullmatch(line)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    room = width - _GAP * (len(widths) - 1)
    while sum(widths) > room and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    lines = []
    for place, row in enumerate(rows):
        wrapped = [_wrapped(cell, room) for cell, room in zip(row, widths, strict=True)]
        for number in range(max(1, *map(len, wrapped))):
            parts = [part[number] if number < len(part) else "" for part in wrapped]
            padded = (part.ljust(size) for part, size in zip(parts, widths, strict=True))
            text = (" " * _GAP).join(padded).rstrip()
            lines.append(Line(text, LineKind.TEXT if place else LineKind.TABLE_HEAD))
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_on_hyphens=False)


def _cells(line: str) -> list[str]:
    return [_plain(cell.strip()) for cell in line.strip().strip("|").split("|")]


def _plain(text: str) -> str:
    """Return a text without marks, but for those of code; a link to a page names it."""
    return _LINK.sub(_linked, text).replace("**", "")


def _linked(link: re.Match[str]) -> str:
    page = link[2].partition("#")[0].removesuffix(".md")
    return f"{link[1]} (→ {page})" if page else link[1]


_LAYOUTS = {"heading": _heading, "text": _text, "list": _list, "code": _code, "table": _table}
