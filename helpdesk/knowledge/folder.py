"""The folder of the knowledge base: finds and reads its articles, and nothing outside it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from helpdesk.domain.errors import NotFoundError, UnavailableError
from helpdesk.domain.text import one_line
from helpdesk.knowledge.article import FILE_LIMIT, Article, parse_article
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.front_matter import BrokenArticleError

_ENDING = ".md"


@dataclass(frozen=True, slots=True)
class KnowledgeFile:
    """A file that should be an article, with its size and time to detect changes."""

    path: str
    mtime_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An entry of the catalogue: a file with either its article or an error.

    :ivar article: the article without its body.
    :ivar error: why the file cannot be read as an article.
    """

    path: str
    article: Article | None
    error: BrokenArticleError | None


class KnowledgeFolder:
    """Reads articles below ``root``.

    Hidden files and folders are ignored.  A symbolic link that leads out of the folder and a name
    with unprintable characters are skipped and reported by :meth:`refused`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, tuple[KnowledgeFile, CatalogueEntry]] = {}

    def files(self) -> Iterator[KnowledgeFile]:
        """Yield the Markdown files, sorted by path.

        :raises UnavailableError: if the folder is missing or cannot be read.
        """
        for entry, path in self._entries():
            if self._problem(entry, path):
                continue
            try:
                status = entry.stat()
            except OSError:  # a broken link, or deleted meanwhile
                continue
            if stat.S_ISREG(status.st_mode):
                yield KnowledgeFile(path, status.st_mtime_ns, status.st_size)

    def catalogue(self) -> list[CatalogueEntry]:
        """Return all files, sorted by path; only those that changed since the last call are read.

        :raises UnavailableError: if the folder is missing or cannot be read.
        """
        known, fresh = self._known, {}
        for file in self.files():
            before = known.get(file.path)
            entry = before[1] if before and before[0] == file else self._entry(file.path)
            if entry is not None:
                fresh[file.path] = (file, entry)
        self._known = fresh
        return [entry for _, entry in fresh.values()]

    def _entry(self, path: str) -> CatalogueEntry | None:
        try:
            return CatalogueEntry(path, replace(self.read(path), body=""), None)
        except BrokenArticleError as error:
            return CatalogueEntry(path, None, error)
        except NotFoundError:  # deleted meanwhile
            return None

    def refused(self) -> list[ArticleFinding]:
        """Return a finding for each file that is skipped, with the reason."""
        return [
            ArticleFinding(one_line(path), 1, Severity.ERROR, problem)
            for entry, path in self._entries()
            if (problem := self._problem(entry, path))
        ]

    def read(self, path: str) -> Article:
        """Read the article with this path.

        :raises NotFoundError: if there is no such file inside the folder.
        :raises BrokenArticleError: if it cannot be read as an article.
        """
        return parse_article(path, self.raw(path))

    def raw(self, path: str) -> bytes:
        """Read the bytes of an article's file, at most one more than ``FILE_LIMIT``.

        :raises NotFoundError: if there is no such file inside the folder.
        :raises BrokenArticleError: if it cannot be read.
        """
        file = self._inside(path)
        try:
            with file.open("rb") as source:
                return source.read(FILE_LIMIT + 1)
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise self._no_such(path) from None
        except OSError as error:
            raise BrokenArticleError(
                path, 1, f"the file cannot be read ({error.strerror})"
            ) from error

    def _inside(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if (
            not path.endswith(_ENDING)
            or "\x00" in path
            or PurePosixPath(path).is_absolute()
            or any(part == ".." or part.startswith(".") for part in parts)
        ):
            raise self._no_such(path)
        file = self.root.joinpath(*parts)
        if not file.resolve().is_relative_to(self.root.resolve()):
            raise self._no_such(path)
        return file

    def _no_such(self, path: str) -> NotFoundError:
        return NotFoundError(
            f"there is no article {one_line(path)[:80]!r} in the knowledge base; "
            "'helpdesk kb list' shows them."
        )

    def _entries(self) -> Iterator[tuple[os.DirEntry[str], str]]:
        folders = [""]  # a stack: the next folder is last, so that files come sorted by path
        while folders:
            folder = folders.pop()
            below: list[str] = []
            try:
                with os.scandir(self.root / folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                if folder:  # deleted or made unreadable since its parent was read
                    continue
                raise UnavailableError(
                    f"the knowledge base folder {self.root} cannot be read ({error.strerror}): "
                    "create it, or name another with --kb."
                ) from error
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                path = f"{folder}{entry.name}"
                if entry.is_dir(follow_symlinks=False):
                    below.append(f"{path}/")
                elif entry.name.endswith(_ENDING):
                    yield entry, path
            folders += reversed(below)

    def _problem(self, entry: os.DirEntry[str], path: str) -> str:
        """Return why a file is skipped, or ""."""
        if one_line(path) != path or not path.isprintable():
            return "the name holds characters that cannot be shown: rename the file"
        if entry.is_symlink() and not Path(entry.path).resolve().is_relative_to(
            self.root.resolve()
        ):
            return "the symbolic link leads out of the knowledge base: put the file itself there"
        return ""
