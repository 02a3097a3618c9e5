"""The output of an export: standard output, or a file that appears only when it is complete.

The export is written to ``NAME.part``, which is renamed to ``NAME`` at the end.  After each chunk
the position is saved in ``NAME.part.at``, so that an interrupted export can be resumed.  Links of
these names are not followed: see :mod:`helpdesk.cli.files`.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from helpdesk.cli.output_folder import OutputFolder
from helpdesk.domain.errors import RefusedError


class ExportFile:
    """An open export; a context manager that completes the file if no exception was raised.

    :param of: describes what is exported; only an interrupted export of the same is resumed.
    :ivar after: the number of the last ticket that an interrupted export wrote; 0 if none.
    """

    def __init__(self, name: str | None, of: dict[str, Any]) -> None:
        self._file = None if name in (None, "-") else Path(name).expanduser()
        self._folder: OutputFolder | None = None
        self._of = of
        self.after = 0
        self._out: IO[str] = sys.stdout

    def __enter__(self) -> "ExportFile":
        if self._file is None:
            return self
        try:
            self._folder = OutputFolder(self._file)
            self._open(self._folder)
        except BaseException as error:
            if self._folder is not None:
                self._folder.close()
            if isinstance(error, OSError):
                raise self._write_error(error) from error
            raise
        return self

    def _open(self, folder: OutputFolder) -> None:
        self._part = f"{folder.name}.part"
        self._mark = f"{self._part}.at"
        # Checked now as well, so that it is refused before anything is written.
        folder.require_plain(folder.name)
        folder.require_plain(self._mark)
        resumed = self._resume(folder)
        self._out = folder.create(self._part) if resumed is None else resumed

    def _resume(self, folder: OutputFolder) -> IO[str] | None:
        """Return the file of an interrupted export at the saved position, and set :attr:`after`."""
        try:
            mark = json.loads(folder.read(self._mark))
            size, after = int(mark["bytes"]), int(mark["after"])
            if mark["of"] != self._of or size < 0:
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        out = folder.reopen(self._part)
        if out is None:
            return None
        if out.seek(0, os.SEEK_END) < size:
            out.close()
            return None
        out.truncate(size)
        out.seek(size)
        self.after = after
        return out

    def write(self, text: str) -> None:
        """Append text to the export."""
        try:
            self._out.write(text)
        except BrokenPipeError:  # of standard output
            raise
        except OSError as error:
            raise self._write_error(error) from error

    def reached(self, number: int) -> None:
        """Save the position: everything up to this ticket number is written."""
        if self._folder is None:
            return
        try:
            self._out.flush()
            os.fsync(self._out.fileno())
            mark = {"of": self._of, "after": number, "bytes": self._out.seek(0, os.SEEK_END)}
            self._folder.replace(self._mark, json.dumps(mark))
        except OSError as error:
            raise self._write_error(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._folder is None:
            return
        with self._folder as folder:
            try:
                self._out.close()
                if kind is None:
                    folder.rename(self._part, folder.name)
            except OSError as failure:
                raise self._write_error(failure) from failure
            if kind is None:
                with suppress(OSError):
                    folder.remove(self._mark)

    def _write_error(self, error: OSError) -> RefusedError:
        return RefusedError(
            f"the file {self._file} cannot be written ({error.strerror}): choose another path, or "
            "free some space and run it again; it continues where it stopped."
        )
