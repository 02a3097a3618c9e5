"""Checking the knowledge base: every mistake by path and line."""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

from helpdesk.knowledge.article import Article, prose
from helpdesk.knowledge.finding import Finding, Severity
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.front_matter import BrokenArticleError
from helpdesk.knowledge.synonyms import read_synonyms

#: An article that nobody looked at for so long may no longer be true.
REVIEW_EVERY = timedelta(days=365)
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?([^)\s>]+)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|#|~", re.IGNORECASE)


def check(folder: KnowledgeFolder, today: date) -> list[Finding]:
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
    findings += _twice(articles, lambda article: (article.title,), "title")
    findings += _twice(articles, lambda article: article.aliases, "alias")
    for article in articles:
        if article.own:
            findings += _own_rules(article, today)
            findings += _dead_links(article, folder.root)
    return sorted(findings)


def _twice(
    articles: Iterable[Article], names_of: Callable[[Article], Iterable[str]], what: str
) -> Iterator[Finding]:
    first: dict[str, str] = {}
    for article in articles:
        for name in names_of(article):
            other = first.setdefault(name.casefold(), article.path)
            if other != article.path:
                severity = Severity.ERROR if article.own else Severity.WARNING
                message = f"the {what} {name[:80]!r} is also that of {other}"
                yield Finding(article.path, 1, severity, message)


def _own_rules(article: Article, today: date) -> Iterator[Finding]:
    def warn(message: str) -> Finding:
        return Finding(article.path, 1, Severity.WARNING, message)

    if article.status == "draft":
        return
    if article.kind == "article" and not article.answer:
        yield warn("it has no text under '## Answer', so it cannot answer a query in one step")
    if article.kind == "sop" and not article.steps:
        yield warn("an SOP needs steps to tick ('- [ ] …')")
    if not article.owner:
        yield warn("it has no owner")
    if article.reviewed is None:
        yield warn("it has no review date ('reviewed: 2026-11-24')")
    elif today - article.reviewed > REVIEW_EVERY:
        yield warn(f"its last review was on {article.reviewed}")


def _dead_links(article: Article, root: Path) -> Iterator[Finding]:
    here = (root / article.path).parent
    inside = root.resolve()
    for number, line in prose(article.body):
        for target in _LINK.findall(line):
            if _ELSEWHERE.match(target):
                continue
            file = (here / unquote(target.partition("#")[0])).resolve()
            if not file.is_relative_to(inside):
                problem = f"the link to {target} leads out of the knowledge base"
            elif not file.exists():
                problem = f"the link to {target} is dead"
            else:
                continue
            yield Finding(article.path, article.body_line + number, Severity.ERROR, problem)
