"""Writing articles: atomically, only inside the folder, and never over another's changes."""

import contextlib
import fcntl
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path, PurePosixPath

from helpdesk.domain.errors import ConflictError, RefusedError
from helpdesk.domain.text import one_line
from helpdesk.knowledge.article import FILE_LIMIT
from helpdesk.knowledge.folder import KnowledgeFolder
from helpdesk.knowledge.front_matter import BrokenArticleError

_NAME_LIMIT = 255
_PATH_LIMIT = 400


@dataclass(frozen=True, slots=True)
class ArticleSource:
    """The text of an article's file; ``seen`` is its hash, to detect changes when it is saved."""

    path: str
    text: str
    seen: str


class ArticleChangedError(ConflictError):
    """Somebody else saved the file since it was read; ``theirs`` is its current content."""

    def __init__(self, path: str, theirs: ArticleSource, mine: str) -> None:
        lines = tuple(difference(theirs.text, mine))
        super().__init__(f"{path} was changed by somebody else meanwhile, nothing was saved", lines)
        self.theirs = theirs

    def __str__(self) -> str:
        """Return the sentence for the user."""
        return f"{super().__str__()}: compare both, then save again."


def difference(theirs: str, mine: str) -> Iterator[str]:
    """Yield what saving ``mine`` would change in ``theirs``, as a unified diff without header."""
    found = unified_diff(theirs.splitlines(), mine.splitlines(), lineterm="", n=2)
    yield from (line for line in found if not line.startswith(("---", "+++")))


def read_source(folder: KnowledgeFolder, path: str) -> ArticleSource:
    """Read an article's file, even if it is not a valid article.

    :raises NotFoundError: if there is no such file inside the folder.
    :raises BrokenArticleError: if it is no plain file, not UTF-8 text, or too large.
    """
    raw = folder.raw(path)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrokenArticleError(path, line, "the file is not UTF-8 text") from error
    return ArticleSource(path, text, _digest(raw))


def save(folder: KnowledgeFolder, path: str, text: str, seen: str) -> ArticleSource:
    """Replace an article's file with a text, unless somebody else has changed it.

    The file is replaced atomically: readers see the old or the new one, even after a crash.

    :param seen: the ``seen`` of the :class:`ArticleSource` that was edited; "" creates a new file.
    :raises ArticleChangedError: if somebody else has saved the file meanwhile.
    :raises RefusedError: if the path is not a ``name.md`` inside the folder or already exists, or
        if the file cannot be written.
    """
    raw = text.encode("utf-8", "replace")
    if len(raw) > FILE_LIMIT:
        raise RefusedError(f"{path} has more than 2 MiB: shorten it, nothing was saved.")
    file = _file_of(folder, path)
    try:
        with _locked(folder.root):
            _require_unchanged(folder, path, file, text, seen)
            _replace(file, raw, new=not seen)
    except FileExistsError:
        raise RefusedError(f"{path} exists already: choose another path.") from None
    except OSError as error:
        raise RefusedError(
            f"{path} cannot be written ({error.strerror}): nothing was saved."
        ) from error
    return ArticleSource(path, text, _digest(raw))


def require_free(folder: KnowledgeFolder, path: str) -> None:
    """Check that a new article can have this path.

    :raises RefusedError: if it is not a ``name.md`` inside the folder, or already exists.
    """
    if _file_of(folder, path).exists():
        raise RefusedError(f"{path} exists already: choose another path.")


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _require_unchanged(
    folder: KnowledgeFolder, path: str, file: Path, text: str, seen: str
) -> None:
    if not seen:
        return
    if not file.exists():
        # It was renamed or deleted: report a conflict, so that the text is not lost.
        raise ArticleChangedError(path, ArticleSource(path, "", ""), text)
    current = read_source(folder, path)
    if current.seen != seen:
        raise ArticleChangedError(path, current, text)


def _file_of(folder: KnowledgeFolder, path: str) -> Path:
    """Return the file of an article's path; refuse one that is not inside the folder."""
    parts = PurePosixPath(path).parts
    if not _is_plain(path) or path != "/".join(parts) or not all(map(_is_name, parts)):
        raise RefusedError(
            f"{one_line(path)[:80]!r} is no path for an article: use one such as vpn/new-issue.md."
        )
    # Path.resolve() raises an error for a link to itself.
    root = Path(os.path.realpath(folder.root))
    file = Path(os.path.realpath(folder.root.joinpath(*parts)))
    if not file.is_relative_to(root) or any(
        part.startswith(".") for part in file.relative_to(root).parts
    ):
        raise RefusedError(f"{path} leads out of the knowledge base: choose another path.")
    return file


def _is_plain(path: str) -> bool:
    """Whether a path is relative, printable, not too long, and ends in ``.md``."""
    return (
        path.endswith(".md")
        and not path.startswith("/")
        and "\\" not in path
        and len(path) <= _PATH_LIMIT
        and path.isprintable()
        and one_line(path) == path
    )


def _is_name(part: str) -> bool:
    """Whether a part of a path is allowed: not hidden, and short enough for a temporary name."""
    return (
        not part.startswith(".")
        and part == part.strip()
        and len(part.encode("utf-8", "replace")) <= _NAME_LIMIT - 20
    )


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold a lock on the folder, so that only one process at a time compares and replaces."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(file: Path, raw: bytes, *, new: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Hidden and without .md, so that it is not taken for an article.
    temporary = file.with_name(f".{file.name[:200]}.{os.getpid()}.tmp")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as out:
            if not new:
                os.fchmod(out.fileno(), stat.S_IMODE(file.stat().st_mode))
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        if new:
            os.link(temporary, file)  # unlike a rename, it never replaces a file
        else:
            temporary.replace(file)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some file systems do not support it
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
