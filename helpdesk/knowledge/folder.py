"""The folder of the knowledge base: finds and reads its articles, and nothing outside it."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from helpdesk.domain.errors import NotFoundError, UnavailableError
from helpdesk.domain.text import one_line
from helpdesk.knowledge.article import FILE_LIMIT, Article, parse_article, too_large
from helpdesk.knowledge.finding import ArticleFinding, Severity
from helpdesk.knowledge.front_matter import BrokenArticleError
from helpdesk.knowledge.plain_file import NotPlainError, read_plain, status_of

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
    :ivar mtime_ns: when the file was last changed.
    """

    path: str
    article: Article | None
    error: BrokenArticleError | None
    mtime_ns: int = 0


class KnowledgeFolder:
    """Reads articles below ``root``.

    Hidden files and folders are ignored.  What is no plain file inside the folder (a link that
    leads out, a pipe, a device), a folder that cannot be read and a name with unprintable
    characters are skipped, never opened, and reported by :meth:`refused`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[str, tuple[KnowledgeFile, CatalogueEntry]] = {}

    def files(self) -> Iterator[KnowledgeFile]:
        """Yield the Markdown files, sorted by path.

        :raises UnavailableError: if the folder is missing or cannot be read.
        """
        for path, is_article, problem in self._entries():
            if problem or not is_article:
                continue
            try:
                status = (self.root / path).lstat()
                if stat.S_ISLNK(status.st_mode):
                    status = status_of(self.root, self.root / path)
            except (NotPlainError, OSError):  # reported by refused(), or deleted meanwhile
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
            entry = before[1] if before and before[0] == file else self._entry(file)
            if entry is not None:
                fresh[file.path] = (file, entry)
        self._known = fresh
        return [entry for _, entry in fresh.values()]

    def _entry(self, file: KnowledgeFile) -> CatalogueEntry | None:
        path, changed = file.path, file.mtime_ns
        try:
            return CatalogueEntry(path, replace(self.read(path), body=""), None, changed)
        except BrokenArticleError as error:
            return CatalogueEntry(path, None, error, changed)
        except NotFoundError:  # deleted meanwhile
            return None

    def refused(self) -> list[ArticleFinding]:
        """Return a finding for each file and folder that is skipped, with the reason."""
        findings = []
        for path, is_article, name_problem in self._entries():
            problem = name_problem or self._problem(path)
            severity = Severity.ERROR if is_article else Severity.WARNING
            if problem:
                findings.append(ArticleFinding(one_line(path), 1, severity, problem))
        return findings

    def read(self, path: str) -> Article:
        """Read the article with this path.

        :raises NotFoundError: if there is no such file inside the folder.
        :raises BrokenArticleError: if it cannot be read as an article.
        """
        return parse_article(path, self.raw(path))

    def raw(self, path: str) -> bytes:
        """Read the bytes of an article's file.

        :raises NotFoundError: if there is no such file inside the folder.
        :raises BrokenArticleError: if it is not opened, cannot be read or is too large.
        """
        file = self._file(path)
        if problem := _name_problem(path):
            raise BrokenArticleError(one_line(path), 1, problem)
        try:
            raw, size = read_plain(self.root, file, FILE_LIMIT + 1)
        except NotPlainError as error:
            if error.hidden:
                raise self._no_such(path) from None
            raise BrokenArticleError(path, 1, str(error)) from error
        except (FileNotFoundError, NotADirectoryError):
            raise self._no_such(path) from None
        except OSError as error:
            problem = f"the file cannot be read ({error.strerror})"
            raise BrokenArticleError(path, 1, problem) from error
        if size > FILE_LIMIT:
            raise too_large(path, size)
        return raw

    def _file(self, path: str) -> Path:
        parts = PurePosixPath(path).parts
        if (
            not path.endswith(_ENDING)
            or "\x00" in path
            or PurePosixPath(path).is_absolute()
            or any(part == ".." or part.startswith(".") for part in parts)
        ):
            raise self._no_such(path)
        return self.root.joinpath(*parts)

    def _no_such(self, path: str) -> NotFoundError:
        return NotFoundError(
            f"there is no article {one_line(path)[:80]!r} in the knowledge base; "
            "'helpdesk kb list' shows them."
        )

    def _entries(self) -> Iterator[tuple[str, bool, str]]:
        """Yield (path, whether it should be an article, why it is skipped) in the order of paths.

        Of other files only those are yielded that hide articles: unreadable and linked folders.
        """
        folders = [""]  # a stack: the next folder is last, so that files come sorted by path
        while folders:
            folder = folders.pop()
            below: list[str] = []
            try:
                with os.scandir(self.root / folder) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                if folder and isinstance(error, FileNotFoundError):
                    continue  # deleted since its parent was read
                if folder:
                    yield folder[:-1], True, f"the folder cannot be read ({error.strerror})"
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
                if entry.name.endswith(_ENDING):
                    yield path, True, _name_problem(path)
                elif entry.is_symlink() and _leads_to_folder(Path(entry.path)):
                    yield path, False, "a link to a folder is not followed: its articles are hidden"
            folders += reversed(below)

    def _problem(self, path: str) -> str:
        """Return why a file is not opened, or ""."""
        try:
            status_of(self.root, self.root / path)
        except NotPlainError as error:
            return str(error)
        except OSError:  # reported when it is read, or deleted meanwhile
            pass
        return ""


def _leads_to_folder(link: Path) -> bool:
    try:
        return link.is_dir()
    except OSError:  # its target may not be reached
        return False


def _name_problem(path: str) -> str:
    if one_line(path) != path or not path.isprintable():
        return "the name holds characters that cannot be shown: rename the file"
    return ""
