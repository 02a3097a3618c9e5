"""Writing output files: completely or not at all, and never through a link."""

import os
import secrets
import stat
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO

from helpdesk.domain.errors import PathRefusedError, RefusedError

_DESCRIPTORS = "/proc/self/fd"
#: Non-blocking, so that a pipe cannot stop the program; it changes nothing for plain files.
_SAFELY = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}
#: The maximum size of a file that :meth:`OutputFolder.read` returns, in bytes.
_READ_LIMIT = 64 * 1024


class OutputFolder:
    """The folder of an output file, held open by its descriptor.

    All names are relative to the descriptor, so that replacing a folder on the path has no effect.
    Links are not followed, and only plain files are written.  A context manager.

    :ivar name: the name of the output file in the folder.
    :raises RefusedError: if the path names no file.
    :raises OSError: if the folder cannot be opened.
    """

    def __init__(self, file: Path) -> None:
        self.name = file.name
        if self.name in ("", ".."):
            raise RefusedError(f"{file} is a folder: name a file in it.")
        self._path = file.parent
        self._descriptor = os.open(self._path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)

    def __enter__(self) -> "OutputFolder":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the folder's descriptor."""
        os.close(self._descriptor)

    def require_plain(self, name: str) -> None:
        """Check that the name is free or that of a plain file, which may be replaced.

        :raises PathRefusedError: if it is a link, a device, a pipe, a socket or a folder.
        """
        try:
            mode = os.stat(name, dir_fd=self._descriptor, follow_symlinks=False).st_mode
        except FileNotFoundError:
            return
        if not stat.S_ISREG(mode):
            kind = _KINDS.get(stat.S_IFMT(mode), "a device")
            raise PathRefusedError(
                f"{self._path / name} is {kind}, not a plain file: choose another path, or '-' "
                "for standard output."
            )

    def create(self, name: str) -> IO[str]:
        """Create a file, in place of a plain file of that name, and return it open for writing.

        :raises RefusedError: if the name is taken by anything but a plain file.
        """
        self.require_plain(name)
        # Replaced, not truncated: the file may have a second name elsewhere (a hard link).
        self.remove(name)
        return _text_file(self._open(name, os.O_RDWR | os.O_CREAT | os.O_EXCL), "w")

    def reopen(self, name: str) -> IO[str] | None:
        """Open a file that an earlier run created; None if there is no such file.

        A link, a file of another user and a file with a second name are not opened.
        """
        try:
            descriptor = self._open(name, os.O_RDWR)
        except OSError:
            return None
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_uid == os.geteuid() and found.st_nlink == 1:
            return _text_file(descriptor, "r+")
        os.close(descriptor)
        return None

    def read(self, name: str) -> str:
        """Return the text of a small file that an earlier run created; "" if there is none."""
        file = self.reopen(name)
        if file is None:
            return ""
        with file:
            return file.read(_READ_LIMIT)

    def replace(self, name: str, text: str) -> None:
        """Write a file atomically: it has either its old text or the new one.

        :raises RefusedError: if the name is taken by anything but a plain file.
        """
        temporary = f".{name}.{secrets.token_hex(4)}.part"
        try:
            with self.create(temporary) as out:
                out.write(text)
            self.rename(temporary, name)
        finally:
            with suppress(OSError):
                self.remove(temporary)

    def rename(self, name: str, new: str) -> None:
        """Rename a file, in place of a plain file that has the new name.

        :raises RefusedError: if the new name is taken by anything but a plain file.
        """
        self.require_plain(new)
        old, folder = self._at(name)
        os.rename(old, self._at(new)[0], src_dir_fd=folder, dst_dir_fd=folder)

    def remove(self, name: str) -> None:
        """Remove a file if it exists; of a link, only the link."""
        path, folder = self._at(name)
        with suppress(FileNotFoundError):
            os.unlink(path, dir_fd=folder)

    def _open(self, name: str, flags: int) -> int:
        path, folder = self._at(name)
        return os.open(path, flags | _SAFELY, 0o666, dir_fd=folder)

    def _at(self, name: str) -> tuple[str, int | None]:
        """Return the path of a name, and the descriptor to which it is relative.

        On Linux the path contains the descriptor: an audit hook is told the path only.
        """
        if os.path.isdir(_DESCRIPTORS):  # noqa: PTH112  (called for each file; pathlib is slower)
            return f"{_DESCRIPTORS}/{self._descriptor}/{name}", None
        return name, self._descriptor


def _text_file(descriptor: int, mode: str) -> IO[str]:
    # newline="" keeps the line endings of CSV (CR LF).
    return os.fdopen(descriptor, mode, encoding="utf-8", newline="")
