"""Writing articles: into the folder and nowhere else, whole or not at all, over nobody's work."""

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
class Source:
    """An article's file as text; ``seen`` tells whether it is still the same when it is saved."""

    path: str
    text: str
    seen: str


class ArticleChangedError(ConflictError):
    """Somebody saved the file since it was read; ``theirs`` is what it holds now."""

    def __init__(self, path: str, theirs: Source, mine: str) -> None:
        lines = tuple(difference(theirs.text, mine))
        super().__init__(f"{path} was changed by somebody else meanwhile, nothing was saved", lines)
        self.theirs = theirs

    def __str__(self) -> str:
        """Return the sentence."""
        return f"{super().__str__()}: compare both, then save again."


def difference(theirs: str, mine: str) -> Iterator[str]:
    """Yield what saving ``mine`` would change in ``theirs``, as a unified diff without heads."""
    found = unified_diff(theirs.splitlines(), mine.splitlines(), lineterm="", n=2)
    yield from (line for line in found if not line.startswith(("---", "+++")))


def read_source(folder: KnowledgeFolder, path: str) -> Source:
    """Return an article's file, be it sound or broken.

    :raises NotFoundError: if there is no such file inside the folder.
    :raises BrokenArticleError: if it is no text.
    """
    raw = folder.raw(path)
    if len(raw) > FILE_LIMIT:
        raise BrokenArticleError(path, 1, "the file is larger than 2 MiB")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrokenArticleError(path, line, "the file is not UTF-8 text") from error
    return Source(path, text, _mark(raw))


def save(folder: KnowledgeFolder, path: str, text: str, seen: str) -> Source:
    """Put a text in the place of an article's file, if that is still the one that was read.

    Readers find the old file or the new one, never half of it, also after a crash of the host.

    :param seen: of the :class:`Source` that was edited; "" begins a new file.
    :raises ArticleChangedError: if somebody else has saved it meanwhile.
    :raises RefusedError: if the path is no ``name.md`` inside the folder, is taken, or the file
        cannot be written.
    """
    raw = text.encode("utf-8", "replace")
    if len(raw) > FILE_LIMIT:
        raise RefusedError(f"{path} has more than 2 MiB: shorten it, nothing was saved.")
    file = _place(folder, path)
    try:
        with _alone(folder.root):
            _require_unchanged(folder, path, file, text, seen)
            _replace(file, raw, new=not seen)
    except FileExistsError:
        raise RefusedError(f"{path} exists already: choose another path.") from None
    except OSError as error:
        raise RefusedError(
            f"{path} cannot be written ({error.strerror}): nothing was saved."
        ) from error
    return Source(path, text, _mark(raw))


def require_free(folder: KnowledgeFolder, path: str) -> None:
    """Refuse a path that a new article cannot have.

    :raises RefusedError: if it is no ``name.md`` inside the folder, or is taken.
    """
    if _place(folder, path).exists():
        raise RefusedError(f"{path} exists already: choose another path.")


def _mark(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _require_unchanged(
    folder: KnowledgeFolder, path: str, file: Path, text: str, seen: str
) -> None:
    if not seen:
        return
    if not file.exists():
        # It was renamed or deleted: what was written is not to be lost with it.
        raise ArticleChangedError(path, Source(path, "", ""), text)
    now = read_source(folder, path)
    if now.seen != seen:
        raise ArticleChangedError(path, now, text)


def _place(folder: KnowledgeFolder, path: str) -> Path:
    """Return the file of an article's path, which must lie inside the folder."""
    parts = PurePosixPath(path).parts
    if not _is_plain(path) or path != "/".join(parts) or not all(map(_is_name, parts)):
        raise RefusedError(
            f"{one_line(path)[:80]!r} is no path for an article: use one such as vpn/new-issue.md."
        )
    root = folder.root.resolve()
    file = folder.root.joinpath(*parts).resolve()
    if not file.is_relative_to(root) or any(
        part.startswith(".") for part in file.relative_to(root).parts
    ):
        raise RefusedError(f"{path} leads out of the knowledge base: choose another path.")
    return file


def _is_plain(path: str) -> bool:
    """Whether a path is relative, short and printable, and that of an article."""
    return (
        path.endswith(".md")
        and not path.startswith("/")
        and "\\" not in path
        and len(path) <= _PATH_LIMIT
        and path.isprintable()
        and one_line(path) == path
    )


def _is_name(part: str) -> bool:
    """Whether a part of a path can be that of an article: not hidden, and with room to spare for
    the name of the file that is written first."""
    return (
        not part.startswith(".")
        and part == part.strip()
        and len(part.encode("utf-8", "replace")) <= _NAME_LIMIT - 20
    )


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Let one process at a time compare and replace."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _replace(file: Path, raw: bytes, *, new: bool) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Hidden, and not ending in .md: nobody takes it for an article.
    fresh = file.with_name(f".{file.name[:200]}.{os.getpid()}.tmp")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    try:
        with os.fdopen(descriptor, "wb") as out:
            if not new:
                os.fchmod(out.fileno(), stat.S_IMODE(file.stat().st_mode))
            out.write(raw)
            out.flush()
            os.fsync(out.fileno())
        if new:
            os.link(fresh, file)  # unlike a rename, it never goes over another file
        else:
            fresh.replace(file)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
