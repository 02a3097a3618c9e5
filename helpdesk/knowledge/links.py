"""Checking the links of an article to other files of the knowledge base and to headings."""

import os
import re
import stat
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

from helpdesk.domain.errors import DeskError
from helpdesk.knowledge.answer_sections import headings, prose
from helpdesk.knowledge.article import Article
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.folder import KnowledgeFolder

#: What stands behind the text of a link or an image: ``](two.md)``, ``](<a b.md> "title")``.  A
#: name may hold brackets in pairs.  The text itself is not read, as it may hold an image.
_LINK = re.compile(r"\]\(\s*(?:<([^<>]*)>|((?:[^()\s]|\([^()\s]*\))+))")
_IMAGE = re.compile(r"!\[[^\[\]]*$")
#: The target of a link by reference: ``[name]: two.md``.
_DEFINITION = re.compile(r"\s{0,3}\[(?!\^)[^\[\]]+\]:\s+<?([^\s>]+)")
_TAG = re.compile(r"<(a|img)\s(?:[^<>]*?\s)?(?:href|src)\s*=\s*[\"']([^\"']*)[\"']", re.IGNORECASE)
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


class LinkTargets:
    """The files to which links lead; each is looked at once."""

    def __init__(self, folder: KnowledgeFolder, known: Iterable[Article] = ()) -> None:
        """Prepare the search for files.

        :param known: articles that have been read already.
        """
        self._folder = folder
        self._root = os.path.realpath(folder.root)
        self._folders: dict[str, str] = {}
        self._bodies: dict[str, str | None] = {
            f"{self._root}/{article.path}": article.body for article in known
        }

    def find(self, path: str, name: str) -> tuple[str, str]:
        """Return the file to which a link in the article of this path leads, or what is wrong.

        :returns: (the file, "") or ("", the problem).
        """
        try:
            file = self._real(f"{self._root}/{path.rpartition('/')[0]}/{unquote(name)}")
            if file != self._root and not file.startswith(f"{self._root}{os.sep}"):
                return "", "leads out of the knowledge base"
            if not os.path.lexists(file):
                return "", "is dead"
        except (OSError, ValueError):  # not a possible file name
            return "", "is dead"
        return file, ""

    def _real(self, file: str) -> str:
        """Return the path without symbolic links; faster than ``os.path.realpath`` for many."""
        folder, name = os.path.split(file)
        if name in ("", ".", ".."):
            return os.path.realpath(file)
        if folder not in self._folders:
            self._folders[folder] = os.path.realpath(folder)
        real = f"{self._folders[folder]}/{name}"
        try:
            return os.path.realpath(real) if stat.S_ISLNK(os.lstat(real).st_mode) else real
        except FileNotFoundError:
            return real

    def body(self, file: str) -> str | None:
        """Return the body of a file, or None if it is not an article."""
        if file not in self._bodies:
            try:
                path = Path(file).relative_to(self._root).as_posix()
                self._bodies[file] = self._folder.read(path).body
            except DeskError:
                self._bodies[file] = None
        return self._bodies[file]


def dead_links(article: Article, targets: LinkTargets) -> Iterator[ArticleFinding]:
    """Yield the links and images whose target does not exist or is outside the knowledge base.

    Absolute links and links to the web are not checked.  They are errors in articles that were
    written for this program, and warnings in those of others.
    """
    severity = Severity.ERROR if article.own else Severity.WARNING
    for number, line in prose(article.body):
        for is_image, target in _targets(line):
            if _EXTERNAL.match(target):
                continue
            problem = _problem(article, target, targets)
            if problem:
                noun = "image" if is_image else "link"
                message = f"the {noun} {'' if is_image else 'to '}{target[:120]} {problem}"
                line_number = article.body_line + number
                yield ArticleFinding(article.path, line_number, severity, message)


def _targets(line: str) -> Iterator[tuple[bool, str]]:
    """Yield (whether it is an image, its target) of each link and image in a line."""
    if "](" not in line and "]:" not in line and "<" not in line:
        return
    text = _CODE.sub("", line)
    for found in _LINK.finditer(text):
        yield _IMAGE.search(text, 0, found.start()) is not None, found[1] or found[2] or ""
    defined = _DEFINITION.match(text)
    if defined:
        yield False, defined[1]
    for tag, target in _TAG.findall(text):
        yield tag.casefold() == "img", target


def _problem(article: Article, target: str, targets: LinkTargets) -> str:
    name, _, anchor = target.partition("#")
    body: str | None = article.body
    if name:
        file, problem = targets.find(article.path, name)
        if problem:
            return problem
        body = targets.body(file) if anchor else None
    if anchor and body is not None and unquote(anchor).lower() not in anchors(body):
        return f"is dead: there is no heading #{anchor[:80]}"
    return ""
