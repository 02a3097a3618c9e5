"""Checking the knowledge base: every mistake with its path and line."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from unicodedata import normalize

from rapidfuzz import process

from helpdesk.domain.errors import DeskError
from helpdesk.knowledge.article import Article, parse_article
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.formatting import too_heavy
from helpdesk.knowledge.front_matter import KEYS, BrokenArticleError, is_known_key
from helpdesk.knowledge.languages import check_languages, duplicate_translations
from helpdesk.knowledge.links import dead_links
from helpdesk.knowledge.synonyms import read_synonyms

#: How long a review is valid if neither the article nor the policy says so; an older article may no
#: longer be right.
REVIEW_EVERY = timedelta(days=365)
#: The minimum similarity in percent of a misspelt key to the key that is suggested.
_SIMILAR = 75
#: In how many lines to look for front matter that does not begin on the first line.
_HEAD_LINES = 60


def check(
    folder: KnowledgeFolder, today: date, review_every: timedelta = REVIEW_EVERY
) -> list[ArticleFinding]:
    """Return the mistakes in the folder, by path and line.

    Files of other tools (without ``kind``) are checked only for what prevents reading and finding
    them.

    :raises UnavailableError: if the folder cannot be read.
    """
    findings = folder.refused()
    articles: list[Article] = []
    files = list(folder.files())
    findings += _twins(file.path for file in files)
    for file in files:
        try:
            articles.append(folder.read(file.path))
        except BrokenArticleError as error:
            findings.append(ArticleFinding(file.path, error.line, Severity.ERROR, error.problem))
    findings += read_synonyms(folder.root)[1]
    findings += _duplicates(articles, "title", lambda article: (article.title,))
    findings += _duplicates(articles, "aliases", lambda article: article.aliases)
    findings += duplicate_translations(articles, _duplicates)
    bodies = _BodyCache(folder.root, articles)
    for article in articles:
        if article.own:
            findings += _check_article(article, folder.root, today, review_every, bodies)
    return sorted(findings)


def check_text(
    folder: KnowledgeFolder,
    path: str,
    raw: bytes,
    today: date,
    review_every: timedelta = REVIEW_EVERY,
) -> list[ArticleFinding]:
    """Return the mistakes in a text that will be saved as the file of this path.

    Only the files that it links to are read.
    """
    try:
        article = parse_article(path, raw)
    except BrokenArticleError as error:
        return [ArticleFinding(path, error.line, Severity.ERROR, error.problem)]
    if not article.own:
        return [*_misplaced_head(path, article.body)]
    return sorted(
        _check_article(article, folder.root, today, review_every, _BodyCache(folder.root, ()))
    )


def _misplaced_head(path: str, body: str) -> Iterator[ArticleFinding]:
    """Yield a finding if the text has front matter that does not begin on the first line."""
    first = body.split("\n", _HEAD_LINES)[:_HEAD_LINES]
    if any(line.startswith("kind:") for line in first) and any(
        line.rstrip() == "---" for line in first
    ):
        message = "the front matter does not begin with '---' on the first line"
        yield ArticleFinding(path, 1, Severity.ERROR, message)


def is_stale(article: Article, today: date, review_every: timedelta) -> bool:
    """Whether a published article is due for a review."""
    if not article.own or not article.is_published or article.reviewed is None:
        return False
    return today - article.reviewed > (article.head.review_every or review_every)


class _BodyCache:
    """The bodies of articles by file, read when a link needs one."""

    def __init__(self, root: Path, known: Iterable[Article]) -> None:
        self._root = root
        inside = root.resolve()
        self._known: dict[Path, str | None] = {
            inside / article.path: article.body for article in known
        }

    def __call__(self, file: Path) -> str | None:
        """Return the body of a file, or None if it is not an article."""
        if file not in self._known:
            self._known[file] = self._read(file)
        return self._known[file]

    def _read(self, file: Path) -> str | None:
        path = file.relative_to(self._root.resolve()).as_posix()
        try:
            return KnowledgeFolder(self._root).read(path).body
        except DeskError:
            return None


def _twins(paths: Iterable[str]) -> Iterator[ArticleFinding]:
    """Yield each path that some file systems, and some people, take for another one."""
    first: dict[str, str] = {}
    for path in paths:
        other = first.setdefault(normalize("NFC", path).casefold(), path)
        if other != path:
            message = f"some file systems take the name for that of {other}: rename one of them"
            yield ArticleFinding(path, 1, Severity.WARNING, message)


def _duplicates(
    articles: Iterable[Article], key: str, names_of: Callable[[Article], Iterable[str]]
) -> Iterator[ArticleFinding]:
    """Yield each name (title or alias) that another article has already."""
    noun = key if key == "title" else "alias"
    first: dict[str, str] = {}
    for article in articles:
        for name in names_of(article):
            other = first.setdefault(name.casefold(), article.path)
            if other != article.path:
                severity = Severity.ERROR if article.own else Severity.WARNING
                message = f"the {noun} {name[:80]!r} is also that of {other}"
                yield ArticleFinding(article.path, article.head.line_of(key), severity, message)


def _check_article(
    article: Article, root: Path, today: date, review_every: timedelta, bodies: _BodyCache
) -> Iterator[ArticleFinding]:
    yield from _unknown_keys(article)
    yield from _content(article, today, review_every)
    yield from check_languages(article)
    heavy = too_heavy(article.body)
    if heavy is None:
        yield from dead_links(article, root, bodies)
        return
    message = f"{heavy.problem}: it is shown as plain text, and its links are not checked"
    line = article.body_line + heavy.line - 1
    yield ArticleFinding(article.path, line, Severity.WARNING, message)


def _unknown_keys(article: Article) -> Iterator[ArticleFinding]:
    for key, line in article.head.lines:
        if is_known_key(key):
            continue
        near = process.extractOne(key.casefold(), KEYS, score_cutoff=_SIMILAR)
        hint = f": is '{near[0]}' meant?" if near else f" (known are {', '.join(KEYS)})"
        yield ArticleFinding(
            article.path, line, Severity.WARNING, f"'{key[:60]}' is not a key of an article{hint}"
        )


def _content(article: Article, today: date, review_every: timedelta) -> Iterator[ArticleFinding]:
    head = article.head

    def warn(message: str, key: str = "") -> ArticleFinding:
        return ArticleFinding(article.path, head.line_of(key), Severity.WARNING, message)

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
