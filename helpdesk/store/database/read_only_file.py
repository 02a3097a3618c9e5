"""Reading an SQLite file beside which nothing can be written.

In WAL mode even a reader writes: to a file of shared memory beside the database.  On a full disk, a
read-only file system or in a folder of somebody else that fails, and the file is opened in the
first of these ways that works:

1. read-only, if other programs have it open, whose shared memory can be used;
2. as immutable, if its log is empty.  A change of the file is noticed at the next transaction;
3. as a copy with its log, in a temporary folder that can be written.
"""

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing, suppress
from pathlib import Path

#: With less room than this beside the database a write may fail, in bytes.
_LEAST_ROOM = 128 * 1024
#: The primary result codes of SQLite with which opening fails in such a place.
_CODES = (
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL),
    *(sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM),
)


def may_be_readable(error: sqlite3.Error) -> bool:
    """Whether opening failed in a way that a place that cannot be written explains."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _CODES


def why_not_writable(file: Path) -> str:
    """Return why a database file cannot be written, or "" if nothing speaks against it."""
    try:
        place = os.statvfs(file)
    except OSError:
        return ""
    if place.f_flag & os.ST_RDONLY:
        return "its file system is mounted read-only"
    if not has_room(file.parent, _LEAST_ROOM):
        return "its disk is full"
    if not os.access(file, os.W_OK):
        return "its file is not yours to write to"
    if not os.access(file.parent, os.W_OK) and not Path(f"{file}-shm").exists():
        return "its folder is not yours to write to"
    return ""


def has_room(folder: Path, size: int) -> bool:
    """Whether a folder's file system has room for so many bytes for this user."""
    try:
        place = os.statvfs(folder)
    except OSError:
        return False
    blocks = place.f_bfree if os.geteuid() == 0 else place.f_bavail
    return blocks * place.f_frsize >= size


class ReadOnlyFile:
    """A way to read a database file as it is now.

    :ivar uri: the URI with which SQLite opens it.
    :raises sqlite3.Error: if there is no way.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        self._state = self._current_state()
        name = file.absolute().as_uri()
        self.uri = f"{name}?mode=ro"
        if not _opens(self.uri):
            if self._state[1] is None:
                self.uri = f"{name}?mode=ro&immutable=1"
            else:
                self.uri = self._copied().as_uri()
            _require_opens(self.uri)

    def is_outdated(self) -> bool:
        """Whether the file has changed since, or is gone."""
        return self._current_state() != self._state

    def close(self) -> None:
        """Remove the copy, if there is one."""
        if self._copy is not None:
            self._copy.cleanup()

    def _current_state(self) -> tuple[object, object]:
        return _state_of(self._file), _state_of(Path(f"{self._file}-wal"))

    def _copied(self) -> Path:
        size = sum(_size(Path(f"{self._file}{ending}")) for ending in ("", "-wal"))
        for folder in temporary_folders():
            if has_room(folder, 2 * size):
                with suppress(OSError):
                    self._copy = tempfile.TemporaryDirectory(prefix="helpdesk-read-", dir=folder)
                    copy = Path(self._copy.name, self._file.name)
                    for ending in ("", "-wal"):
                        shutil.copyfile(f"{self._file}{ending}", f"{copy}{ending}")
                    return copy
        raise sqlite3.OperationalError("unable to open database file")


def temporary_folders() -> list[Path]:
    """Return the folders for temporary files to which this user may write."""
    named = [os.environ.get("XDG_RUNTIME_DIR", ""), "/dev/shm", "/tmp", "/var/tmp"]  # noqa: S108
    with suppress(OSError):
        named.insert(0, tempfile.gettempdir())
    return [Path(name) for name in named if name and os.access(name, os.W_OK)]


def _opens(uri: str) -> bool:
    try:
        _require_opens(uri)
    except sqlite3.Error:
        return False
    return True


def _require_opens(uri: str) -> None:
    with closing(sqlite3.connect(uri, uri=True)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _state_of(file: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is changed or replaced; None if it is empty or missing."""
    try:
        found = file.stat()
    except OSError:
        return None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found.st_size else None


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0
