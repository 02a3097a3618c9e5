"""Read, list and search the pages of the manual."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line

#: The pages in the order in which they are listed.
NAMES = (
    "getting-started",
    "agent",
    "lead",
    "knowledge",
    "policy",
    "ssh",
    "security",
    "audit",
    "running",
    "command-line",
    "importing",
    "words",
    "architecture",
)
_FOLDER = Path(__file__).parent
FENCE = "```"
HEADING = re.compile(r"#{1,6} +(.+?) *")
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


@dataclass(frozen=True, slots=True)
class Page:
    """One page.

    :ivar name: what ``helpdesk manual`` calls it; the file's name without ``.md``.
    :ivar title: its heading.
    :ivar summary: its first sentence.
    :ivar text: the whole page in Markdown.
    """

    name: str
    title: str
    summary: str
    text: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A section that has all words of a search.

    :ivar page: the name of its page.
    :ivar heading: the section's heading.
    :ivar anchor: the part of a link after ``#`` that leads to the section.
    :ivar line: the line of it that has most of the words.
    """

    page: str
    heading: str
    anchor: str
    line: str


def read_page(name: str) -> Page:
    """Return one page.

    :raises RefusedError: if there is no page of that name; the sentence names those there are.
    """
    wanted = name.strip().lower().removesuffix(".md")
    if wanted not in NAMES:
        raise RefusedError(
            f"the manual has no page {one_line(name)[:40]!r}: choose one of {', '.join(NAMES)}."
        )
    text = (_FOLDER / f"{wanted}.md").read_text(encoding="utf-8")
    lines = text.split("\n")
    paragraph = " ".join(_lines_up_to_blank(lines[2:]))
    summary, _, _ = paragraph.partition(". ")
    return Page(wanted, lines[0].removeprefix("# "), f"{summary.rstrip('.')}.", text)


def read_pages() -> tuple[Page, ...]:
    """Return all pages in their order."""
    return tuple(map(read_page, NAMES))


def find(words: str, pages: Iterable[Page]) -> tuple[Hit, ...]:
    """Return the sections that have all of these words, in any case and order.

    Those with all words in their heading come first; otherwise they stand in the pages' order.
    """
    wanted = words.casefold().split()
    if not wanted:
        return ()
    found = [
        (hit, all(word in hit.heading.casefold() for word in wanted))
        for page in pages
        for heading, lines in _sections(page.text)
        if (hit := _hit(page.name, heading, lines, wanted)) is not None
    ]
    return tuple(hit for hit, _ in sorted(found, key=lambda pair: not pair[1]))


def anchor_of(heading: str) -> str:
    """Return what a link to a heading has after ``#``, as GitHub and Textual make it."""
    return _NOT_IN_ANCHORS.sub("", heading.strip().lower()).replace(" ", "-")


def headings(text: str) -> tuple[str, ...]:
    """Return all headings of a page without their marks."""
    return tuple(heading for heading, _ in _sections(text))


def _hit(page: str, heading: str, lines: list[str], wanted: list[str]) -> Hit | None:
    folded = "\n".join((heading, *lines)).casefold()
    if not all(word in folded for word in wanted):
        return None
    best = max(lines, key=lambda line: sum(word in line.casefold() for word in wanted), default="")
    return Hit(page, heading, anchor_of(heading), _LINK.sub(r"\1", best).strip())


def _sections(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield each heading of a page with the lines below it; a ``#`` within code is no heading."""
    heading = ""
    lines: list[str] = []
    in_code = False
    for line in text.split("\n"):
        in_code ^= line.startswith(FENCE)
        found = None if in_code else HEADING.fullmatch(line)
        if found is None:
            lines.append(line)
            continue
        if heading:
            yield heading, lines
        heading, lines = found[1].replace("`", ""), []
    if heading:
        yield heading, lines


def _lines_up_to_blank(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if not line.strip():
            return
        yield _LINK.sub(r"\1", line.strip())
