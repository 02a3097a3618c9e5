"""Checking the knowledge base: every mistake with its path and line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

from rapidfuzz import process

from helpdesk.domain.i18n import _
from helpdesk.knowledge.article import Article, parse_article
from helpdesk.knowledge.conflict_marks import conflict_line
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.formatting import too_heavy
from helpdesk.knowledge.front_matter import KEYS, BrokenArticleError, is_known_key
from helpdesk.knowledge.known_names import KnownNames, unapproved, unknown_names
from helpdesk.knowledge.languages import check_languages, duplicate_translations, without_answer
from helpdesk.knowledge.links import LinkTargets, dead_links
from helpdesk.knowledge.synonyms import read_synonyms
from helpdesk.knowledge.unread_files import unread_files

#: How long a review is valid if neither the article nor the policy says so; an older article may no
#: longer be right.
REVIEW_EVERY = timedelta(days=365)
#: The minimum similarity in percent of a misspelt key to the key that is suggested.
_SIMILAR = 75
#: In how many lines to look for front matter that does not begin on the first line.
_HEAD_LINES = 60


def check(
    folder: KnowledgeFolder,
    today: date,
    review_every: timedelta = REVIEW_EVERY,
    names: KnownNames | None = None,
) -> list[ArticleFinding]:
    """Return the mistakes in the folder, by path and line.

    Files of other tools (without ``kind``) are checked only for what prevents reading and finding
    them, for dead links and for marks of a failed merge.

    :param names: the names that articles may use; None does not check names.
    :raises UnavailableError: if the folder cannot be read.
    """
    findings = folder.refused()
    articles: list[Article] = []
    files = list(folder.files())
    findings += unread_files(folder.root)
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
    targets = LinkTargets(folder, articles)
    rules = _Rules(today, review_every, names)
    for article in articles:
        findings += _check_article(article, rules, targets)
    return sorted(findings)


def check_text(
    folder: KnowledgeFolder,
    path: str,
    raw: bytes,
    today: date,
    review_every: timedelta = REVIEW_EVERY,
    names: KnownNames | None = None,
) -> list[ArticleFinding]:
    """Return the mistakes in a text that will be saved as the file of this path.

    Only the files that it links to are read.
    """
    try:
        article = parse_article(path, raw)
    except BrokenArticleError as error:
        return [ArticleFinding(path, error.line, Severity.ERROR, error.problem)]
    misplaced = () if article.own else _misplaced_head(path, article.body)
    rules = _Rules(today, review_every, names)
    found = _check_article(article, rules, LinkTargets(folder))
    return sorted([*misplaced, *found])


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


@dataclass(frozen=True, slots=True)
class _Rules:
    """What the articles of a desk are measured by."""

    today: date
    review_every: timedelta
    names: KnownNames | None


def _check_article(
    article: Article, rules: _Rules, targets: LinkTargets
) -> Iterator[ArticleFinding]:
    if article.own:
        yield from _unknown_keys(article)
        yield from unknown_names(article, rules.names)
        yield from unapproved(article, rules.names)
        yield from _content(article, rules.today, rules.review_every)
        yield from check_languages(article)
    elif not article.body.strip():
        empty = _("the file has no text: write the article, or delete the file")
        severity = Severity.WARNING if article.head.lines else Severity.ERROR
        yield ArticleFinding(article.path, 1, severity, empty)
    conflict = conflict_line(article.body)
    if conflict:  # in code, where it may be an example: elsewhere the file is not read at all
        message = _("there are conflict marks of a merge in the code: is one version meant?")
        line = article.body_line + conflict - 1
        yield ArticleFinding(article.path, line, Severity.WARNING, message)
    yield from _check_links(article, targets)


def _check_links(article: Article, targets: LinkTargets) -> Iterator[ArticleFinding]:
    heavy = too_heavy(article.body)
    if heavy is None:
        yield from dead_links(article, targets)
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
    if not article.body.strip():
        yield warn(_("there is no text below the front matter: write the article"))
    elif article.kind == "article" and not article.answer:
        yield warn(*without_answer(article))
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
