"""Articles of the knowledge base, parsed from Markdown files."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

from helpdesk.domain.i18n import _
from helpdesk.knowledge.answer_sections import AnswerSection, answer_sections, headings, prose
from helpdesk.knowledge.conflict_marks import conflict_line
from helpdesk.knowledge.front_matter import BrokenArticleError, FrontMatter, split_front_matter
from helpdesk.knowledge.link_definitions import link_definitions
from helpdesk.knowledge.plain_text import plain_text

FILE_LIMIT = 2 * 1024 * 1024
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
        return self.answers.get("", "")

    @property
    def answers(self) -> Mapping[str, str]:
        """The text of each answer section by its language; that of "Answer" itself under ""."""
        found: dict[str, str] = {}
        for section in self.answer_sections:
            found.setdefault(section.language, section.text)
        return found

    @property
    def aliases_by_language(self) -> Mapping[str, tuple[str, ...]]:
        """The aliases in other languages, by the language's code."""
        return dict(self.head.translated_aliases)

    @property
    def answer_sections(self) -> tuple[AnswerSection, ...]:
        """The sections "Answer" and "Answer (…)", in order."""
        return answer_sections(self.body, self.head.answer)

    @property
    def reply(self) -> str:
        """The answer as plain text, as a requester receives it; "" if there is none."""
        return plain_text(self.answer, link_definitions(self.body))

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
    text = text.replace("\r\n", "\n")
    _refuse_conflict(path, text)
    head, body = split_front_matter(path, text)
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


def _refuse_conflict(path: str, text: str) -> None:
    """Refuse a text with the marks of a failed merge; in fenced code they may be an example."""
    line = conflict_line(text)
    if line and any(number == line - 1 for number, _text in prose(text)):
        problem = _("a merge left its conflict marks here: keep one of the two versions")
        raise BrokenArticleError(path, line, problem)


def too_large(path: str, size: int) -> BrokenArticleError:
    """Return the error for a file of more than ``FILE_LIMIT`` bytes."""
    # Rounded up, so that a file of one byte too many is not said to have 2.0 MiB.
    mebibytes = math.ceil(size * 10 / 1024 / 1024) / 10
    return BrokenArticleError(
        path, 1, f"the file has {mebibytes:.1f} MiB; at most {FILE_LIMIT // 2**20} MiB are read"
    )


def _first_heading(body: str) -> str:
    return next((text for _, _, text in headings(body) if text), "")
