"""Checking the links of an article to other files of the knowledge base and to headings."""

import os
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from helpdesk.knowledge.answer_sections import headings, prose
from helpdesk.knowledge.article import Article
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.plain_file import is_inside

_LINK = re.compile(r"(!?)\[[^\[\]]*\]\(\s*<?([^)\s>]+)")
_CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)")
_EXTERNAL = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|~", re.IGNORECASE)
_NAMED = re.compile(r"<[a-z][^<>]*\s(?:id|name)\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")
_MARKUP = re.compile(r"[`*]|!?\[([^\[\]]*)\]\([^()]*\)")


@lru_cache(maxsize=64)
def anchors(body: str) -> frozenset[str]:
    """Return the targets that a link ``#…`` can have: as GitHub and GitLab derive them."""
    found: set[str] = set()
    used: dict[str, int] = {}
    for _, _, text in headings(body):
        plain = _MARKUP.sub(lambda mark: mark[1] or "", text)
        name = _NOT_IN_ANCHORS.sub("", plain.lower()).replace(" ", "-")
        count = used.get(name, 0)
        while (numbered := f"{name}-{count}" if count else name) in found:
            count += 1
        used[name] = count + 1
        found.add(numbered)
    found.update(name for _, line in prose(body) for name in _NAMED.findall(line))
    return frozenset(found)


def dead_links(
    article: Article, root: Path, body_of: Callable[[Path], str | None]
) -> Iterator[ArticleFinding]:
    """Yield the links and images whose target does not exist or is outside the knowledge base.

    Absolute links and links to the web are not checked.

    :param body_of: returns the body of another article, or None if the file is not an article.
    """
    for number, line in prose(article.body):
        for image, target in _LINK.findall(_CODE.sub("", line)):
            if _EXTERNAL.match(target):
                continue
            problem = _problem(article, root, target, body_of)
            if problem:
                noun = "image" if image else "link"
                message = f"the {noun} {'' if image else 'to '}{target[:120]} {problem}"
                line_number = article.body_line + number
                yield ArticleFinding(article.path, line_number, Severity.ERROR, message)


def _problem(
    article: Article, root: Path, target: str, body_of: Callable[[Path], str | None]
) -> str:
    name, _, anchor = target.partition("#")
    body: str | None = article.body
    if name:
        try:
            # Path.resolve() raises an error for a link to itself.
            file = Path(os.path.realpath((root / article.path).parent / unquote(name)))
            if not is_inside(root, file):
                return "leads out of the knowledge base"
            if not file.exists():
                return "is dead"
        except (OSError, ValueError):  # not a possible file name
            return "is dead"
        body = body_of(file) if anchor else None
    if anchor and body is not None and unquote(anchor).lower() not in anchors(body):
        return f"is dead: there is no heading #{anchor[:80]}"
    return ""
