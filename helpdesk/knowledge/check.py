"""Checking the knowledge base: every mistake by path and line."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from rapidfuzz import process

from helpdesk.domain.errors import DeskError
from helpdesk.knowledge.article import Article, parse_article
from helpdesk.knowledge.finding import Finding, Severity
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.front_matter import KEYS, BrokenArticleError
from helpdesk.knowledge.links import dead_links
from helpdesk.knowledge.synonyms import read_synonyms

#: How long a review holds where neither the article nor the policy says: what nobody looked at
#: for so long may no longer be true.
REVIEW_EVERY = timedelta(days=365)
_ALIKE = 75
#: So far down front matter is sought that does not begin on the first line.
_HEAD_LINES = 60


def check(
    folder: KnowledgeFolder, today: date, review_every: timedelta = REVIEW_EVERY
) -> list[Finding]:
    """Return what is wrong in the folder, by path and line.

    Files of other tools (without ``kind``) are only held to what keeps them from being read and
    found.

    :raises UnavailableError: if the folder cannot be read.
    """
    findings = folder.refused()
    articles: list[Article] = []
    for file in folder.files():
        try:
            articles.append(folder.read(file.path))
        except BrokenArticleError as error:
            findings.append(Finding(file.path, error.line, Severity.ERROR, error.problem))
    findings += read_synonyms(folder.root)[1]
    findings += _twice(articles, "title", lambda article: (article.title,))
    findings += _twice(articles, "aliases", lambda article: article.aliases)
    bodies = _Bodies(folder.root, articles)
    for article in articles:
        if article.own:
            findings += _alone(article, folder.root, today, review_every, bodies)
    return sorted(findings)


def check_text(
    folder: KnowledgeFolder,
    path: str,
    raw: bytes,
    today: date,
    review_every: timedelta = REVIEW_EVERY,
) -> list[Finding]:
    """Return what is wrong with one text that is to become the file of that path.

    Of the other files, only those that it links to are read.
    """
    try:
        article = parse_article(path, raw)
    except BrokenArticleError as error:
        return [Finding(path, error.line, Severity.ERROR, error.problem)]
    if not article.own:
        return [*_headless(path, article.body)]
    return sorted(_alone(article, folder.root, today, review_every, _Bodies(folder.root, ())))


def _headless(path: str, body: str) -> Iterator[Finding]:
    """Yield that a text is one of ours but for its front matter, which began too late."""
    first = body.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    if any(line.startswith("kind:") for line in first) and any(
        line.rstrip() == "---" for line in first
    ):
        message = "the front matter does not begin with '---' on the first line"
        yield Finding(path, 1, Severity.ERROR, message)


def is_stale(article: Article, today: date, review_every: timedelta) -> bool:
    """Whether a published article is due for a review."""
    if not article.own or not article.is_published or article.reviewed is None:
        return False
    return today - article.reviewed > (article.head.review_every or review_every)


class _Bodies:
    """The bodies of articles by file, read when a link asks for one."""

    def __init__(self, root: Path, known: Iterable[Article]) -> None:
        self._root = root
        inside = root.resolve()
        self._known: dict[Path, str | None] = {inside / one.path: one.body for one in known}

    def __call__(self, file: Path) -> str | None:
        """Return the body of a file, or None if it is no article."""
        if file not in self._known:
            self._known[file] = self._read(file)
        return self._known[file]

    def _read(self, file: Path) -> str | None:
        path = file.relative_to(self._root.resolve()).as_posix()
        try:
            return KnowledgeFolder(self._root).read(path).body
        except DeskError:
            return None


def _twice(
    articles: Iterable[Article], key: str, names_of: Callable[[Article], Iterable[str]]
) -> Iterator[Finding]:
    what = "alias" if key == "aliases" else key
    first: dict[str, str] = {}
    for article in articles:
        for name in names_of(article):
            other = first.setdefault(name.casefold(), article.path)
            if other != article.path:
                severity = Severity.ERROR if article.own else Severity.WARNING
                message = f"the {what} {name[:80]!r} is also that of {other}"
                yield Finding(article.path, article.head.line_of(key), severity, message)


def _alone(
    article: Article, root: Path, today: date, review_every: timedelta, bodies: _Bodies
) -> Iterator[Finding]:
    yield from _unknown_keys(article)
    yield from _content(article, today, review_every)
    yield from dead_links(article, root, bodies)


def _unknown_keys(article: Article) -> Iterator[Finding]:
    for key, line in article.head.lines:
        if key in KEYS:
            continue
        near = process.extractOne(key.casefold(), KEYS, score_cutoff=_ALIKE)
        meant = f": is '{near[0]}' meant?" if near else f" (known are {', '.join(KEYS)})"
        yield Finding(
            article.path, line, Severity.WARNING, f"'{key[:60]}' is no key of an article{meant}"
        )


def _content(article: Article, today: date, review_every: timedelta) -> Iterator[Finding]:
    head = article.head

    def warn(message: str, key: str = "") -> Finding:
        return Finding(article.path, head.line_of(key), Severity.WARNING, message)

    if not article.is_published:
        return
    if article.kind == "article" and not article.answer:
        yield warn("it has no text under '## Answer', so it cannot answer a query in one step")
    if article.kind == "sop" and not article.steps:
        yield warn("an SOP needs steps to tick ('- [ ] …')")
    if not article.owner:
        yield warn("it has no owner", "owner")
    if article.reviewed is None:
        yield warn("it has no review date ('reviewed: 2026-11-24')", "reviewed")
    elif article.reviewed > today:
        yield warn(f"its review date {article.reviewed} is yet to come", "reviewed")
    elif is_stale(article, today, review_every):
        days = (head.review_every or review_every).days
        message = f"its last review was on {article.reviewed}, more than {days} days ago"
        yield warn(message, "reviewed")
