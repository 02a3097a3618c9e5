"""Files that look like articles but are not read, because of their names."""

import os
from collections.abc import Iterator
from pathlib import Path

from helpdesk.domain.text import one_line
from helpdesk.knowledge.finding import ArticleFinding, Severity

#: Endings of Markdown files that other programs read as well.
_ENDINGS = (".md", ".markdown", ".mdown", ".mkd", ".mkdn", ".mdwn")
#: Hidden folders in which other programs keep their own files.
_FOREIGN = frozenset({".git", ".hg", ".svn", ".bzr", ".github", ".gitlab", ".venv", ".tox"})
#: How many files of one hidden folder are named one by one.
_NAMED = 20


def unread_files(root: Path) -> Iterator[ArticleFinding]:
    """Yield a finding for each Markdown file that has another ending or is hidden."""
    folders = [""]
    while folders:
        folder = folders.pop()
        for entry in _entries(root / folder):
            path = f"{folder}{entry.name}"
            is_folder = entry.is_dir(follow_symlinks=False)
            if entry.name.startswith("."):
                yield from _hidden(root, path, is_folder=is_folder)
            elif is_folder:
                folders.append(f"{path}/")
            elif _is_markdown(entry.name) and not entry.name.endswith(".md"):
                ending = one_line(entry.name.rpartition(".")[2])
                yield _unread(path, f"a file that ends with '.{ending}' is not read: end it '.md'")


def _hidden(root: Path, path: str, *, is_folder: bool) -> Iterator[ArticleFinding]:
    if not is_folder:
        if _is_markdown(path):
            yield _unread(path, "a hidden file is not read: begin its name without a dot")
        return
    name = path.rpartition("/")[2]
    if name in _FOREIGN:
        return
    found = sorted(_markdown_below(root, path))
    for file in found[:_NAMED]:
        yield _unread(file, f"the files of the hidden folder '{one_line(name)}' are not read")
    if len(found) > _NAMED:
        more = len(found) - _NAMED
        yield _unread(path, f"{more} more files in this hidden folder are not read")


def _markdown_below(root: Path, path: str) -> Iterator[str]:
    folders = [path]
    while folders:
        folder = folders.pop()
        for entry in _entries(root / folder):
            below = f"{folder}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append(below)
            elif _is_markdown(entry.name):
                yield below


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError:  # reported where articles are read, or deleted meanwhile
        return []


def _is_markdown(name: str) -> bool:
    return name.casefold().endswith(_ENDINGS)


def _unread(path: str, message: str) -> ArticleFinding:
    return ArticleFinding(one_line(path), 1, Severity.WARNING, message)
