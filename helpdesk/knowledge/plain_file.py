"""Opening files of the knowledge base: only plain files inside its folder, without blocking."""

import errno
import os
import stat
from pathlib import Path

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
#: Where Linux tells to which files the descriptors of a process lead.
_PLACES = Path("/proc/self/fd")
_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


class NotPlainError(Exception):
    """A file that is not opened; its text is the reason.

    :ivar hidden: whether the file counts as missing: a link leads out of the knowledge base.
    """

    def __init__(self, reason: str, *, hidden: bool = False) -> None:
        super().__init__(reason)
        self.hidden = hidden


def status_of(root: Path, file: Path) -> os.stat_result:
    """Return the status of a plain file; a symbolic link inside the folder is followed.

    :raises NotPlainError: if it is anything but a plain file, or leads out of the folder.
    :raises OSError: if there is no such file, or it cannot be reached.
    """
    if not is_inside(root, file):
        raise NotPlainError(
            "the symbolic link leads out of the knowledge base: put the file itself there",
            hidden=True,
        )
    try:
        status = file.stat()
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotPlainError("the symbolic link leads to itself: remove it") from error
        if isinstance(error, FileNotFoundError) and file.is_symlink():
            raise NotPlainError("the symbolic link leads nowhere: remove it") from error
        raise
    _require_plain(status)
    return status


def is_inside(root: Path, file: Path) -> bool:
    """Whether a path is inside the folder after all symbolic links in it are followed."""
    # Path.resolve() raises an error for a link to itself.
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(root))


def read_plain(root: Path, file: Path, limit: int) -> tuple[bytes, int]:
    """Return at most ``limit`` bytes of a plain file, and its whole size in bytes.

    :raises NotPlainError: as :func:`status_of` does.
    :raises OSError: if it cannot be read.
    """
    status = file.lstat()
    if stat.S_ISREG(status.st_mode):
        found = _read_regular(root, file, limit)
        if found is not None:
            return found
    status_of(root, file)  # a device is not even opened
    with os.fdopen(os.open(os.path.realpath(file), _FLAGS), "rb") as source:
        # Checked once more, because the file may have been replaced since.
        status = os.fstat(source.fileno())
        _require_plain(status)
        raw = source.read(limit)
    return raw, max(status.st_size, len(raw))


def _read_regular(root: Path, file: Path, limit: int) -> tuple[bytes, int] | None:
    """Read a file that is no link; None if the folders above it lead elsewhere.

    The kernel tells where the opened file lies, which is faster than to follow all links before.
    """
    try:
        descriptor = os.open(file, _FLAGS)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb", buffering=0) as source:
        status = os.fstat(descriptor)
        try:
            place = str((_PLACES / str(descriptor)).readlink())
        except OSError:  # not Linux
            return None
        if not stat.S_ISREG(status.st_mode) or not _is_below(place, root):
            return None
        raw = source.read(min(limit, status.st_size + 1)) or b""
        while len(raw) < limit and (more := source.read(limit - len(raw))):
            raw += more
    return raw, max(status.st_size, len(raw))


def _is_below(place: str, root: Path) -> bool:
    return place.startswith(f"{os.path.realpath(root)}{os.sep}")


def _require_plain(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = _KINDS.get(stat.S_IFMT(status.st_mode), "a device")
        raise NotPlainError(f"it is {kind}, not a plain file: move it elsewhere")
