"""Articles of the knowledge base, parsed from Markdown files."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from helpdesk.knowledge.front_matter import BrokenArticleError, FrontMatter, split_front_matter
from helpdesk.knowledge.plain_text import plain_text

FILE_LIMIT = 2 * 1024 * 1024
_HEADING = re.compile(r"(#{1,6})\s+(.*)")
_CODE_FENCE = re.compile(r"\s{0,3}(```+|~~~+)")
_STEP = re.compile(r"\s*[-*+]\s+\[[ xX]\]\s+(.*)")


@dataclass(frozen=True, slots=True)
class Article:
    """A Markdown file that answers one issue, or an SOP with steps to tick.

    :ivar path: its path within the knowledge base, which is its id.
    :ivar body: the Markdown after the front matter.
    :ivar body_line: the line of the file on which the body begins, from 1.
    :ivar own: whether it was written for this program (its front matter has a ``kind``).
    :ivar head: the front matter.
    """

    path: str
    title: str
    kind: str
    status: str
    tags: tuple[str, ...]
    aliases: tuple[str, ...]
    service: str
    owner: str
    reviewed: date | None
    body: str
    body_line: int
    own: bool
    head: FrontMatter

    @property
    def is_published(self) -> bool:
        """Whether agents can find it; drafts and retired articles are for editors only."""
        return self.status == "published"

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings of the body, in order."""
        return tuple(text for _, _, text in headings(self.body))

    @property
    def answer(self) -> str:
        """The text of the section "Answer", which can be sent to the requester; "" if none."""
        lines = self.body.split("\n")
        found = list(headings(self.body))
        for place, (number, level, text) in enumerate(found):
            if text.casefold() == "answer":
                ends = (n for n, other, _ in found[place + 1 :] if other <= level)
                return "\n".join(lines[number + 1 : next(ends, len(lines))]).strip()
        return ""

    @property
    def reply(self) -> str:
        """The answer as plain text, as a requester receives it; "" if there is none."""
        return plain_text(self.answer)

    @property
    def steps(self) -> tuple[str, ...]:
        """The steps to tick: the items of task lists (``- [ ]``)."""
        found = (_STEP.match(line) for _, line in prose(self.body))
        return tuple(step.group(1).strip() for step in found if step)


def parse_article(path: str, raw: bytes) -> Article:
    """Parse the bytes of a file as an article.

    :raises BrokenArticleError: if it is not valid; it names the line and the problem.
    """
    if len(raw) > FILE_LIMIT:
        raise too_large(path, len(raw))
    try:
        text = raw.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrokenArticleError(path, line, "the file is not UTF-8 text") from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise BrokenArticleError(path, line, "the file is binary (it holds NUL)")
    head, body = split_front_matter(path, text.replace("\r\n", "\n"))
    return Article(
        path=path,
        title=head.title or _first_heading(body) or PurePosixPath(path).stem.replace("-", " "),
        kind=head.kind,
        status=head.status,
        tags=head.tags,
        aliases=head.aliases,
        service=head.service,
        owner=head.owner,
        reviewed=head.reviewed,
        body=body,
        body_line=head.body_line,
        own=head.own,
        head=head,
    )


def too_large(path: str, size: int) -> BrokenArticleError:
    """Return the error for a file of more than ``FILE_LIMIT`` bytes."""
    # Rounded up, so that a file of one byte too many is not said to have 2.0 MiB.
    mebibytes = math.ceil(size * 10 / 1024 / 1024) / 10
    return BrokenArticleError(
        path, 1, f"the file has {mebibytes:.1f} MiB; at most {FILE_LIMIT // 2**20} MiB are read"
    )


def _first_heading(body: str) -> str:
    return next((text for _, _, text in headings(body) if text), "")


def headings(body: str) -> Iterator[tuple[int, int, str]]:
    """Yield (line, level, text) of each heading; lines are counted from 0."""
    for number, line in prose(body):
        found = _HEADING.match(line)
        if found:
            yield number, len(found[1]), found[2].rstrip().rstrip("#").rstrip()


def prose(body: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) of the lines outside fenced code; lines are counted from 0."""
    fence = ""
    for number, line in enumerate(body.split("\n")):
        mark = _CODE_FENCE.match(line)
        if mark and not fence:
            fence = mark.group(1)
        elif mark and mark.group(1).startswith(fence):
            fence = ""
        elif not fence:
            yield number, line
