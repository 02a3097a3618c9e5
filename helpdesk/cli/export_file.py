"""The output of an export: standard output, or a file that appears only when it is complete.

The export is written to ``NAME.part``, which is renamed to ``NAME`` at the end.  After each chunk
the position is saved in ``NAME.part.at``, so that an interrupted export can be resumed.
"""

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from helpdesk.domain.errors import RefusedError


class ExportFile:
    """An open export; a context manager that completes the file if no exception was raised.

    :param of: describes what is exported; only an interrupted export of the same is resumed.
    :ivar after: the number of the last ticket that an interrupted export wrote; 0 if none.
    """

    def __init__(self, name: str | None, of: dict[str, Any]) -> None:
        self._file = None if name in (None, "-") else Path(name).expanduser()
        self._of = of
        self.after = 0
        self._out: IO[str] = sys.stdout

    @property
    def _part(self) -> Path:
        assert self._file is not None  # noqa: S101  (callers check that there is a file)
        return self._file.with_name(f"{self._file.name}.part")

    @property
    def _mark(self) -> Path:
        return self._part.with_name(f"{self._part.name}.at")

    def __enter__(self) -> "ExportFile":
        if self._file is None:
            return self
        try:
            size = self._resume()
            # newline="" keeps the line endings of CSV (CR LF).
            self._out = self._part.open("r+" if size else "w", encoding="utf-8", newline="")
            self._out.truncate(size)
            self._out.seek(size)
        except OSError as error:
            raise self._write_error(error) from error
        return self

    def _resume(self) -> int:
        """Return how many bytes of an interrupted export can be kept; set :attr:`after`."""
        try:
            mark = json.loads(self._mark.read_text(encoding="utf-8"))
            if mark["of"] == self._of and self._part.stat().st_size >= mark["bytes"]:
                self.after = int(mark["after"])
                return int(mark["bytes"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return 0

    def write(self, text: str) -> None:
        """Append text to the export."""
        try:
            self._out.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._write_error(error) from error

    def reached(self, number: int) -> None:
        """Save the position: everything up to this ticket number is written."""
        if self._file is None:
            return
        try:
            self._out.flush()
            os.fsync(self._out.fileno())
            mark = {"of": self._of, "after": number, "bytes": self._out.seek(0, os.SEEK_END)}
            temporary = self._mark.with_name(f"{self._mark.name}.new")
            temporary.write_text(json.dumps(mark), encoding="utf-8")
            temporary.replace(self._mark)
        except OSError as error:
            raise self._write_error(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is None:
            return
        self._out.close()
        if kind is None:
            try:
                self._part.replace(self._file)
            except OSError as failure:
                raise self._write_error(failure) from failure
            with suppress(OSError):
                self._mark.unlink(missing_ok=True)

    def _write_error(self, error: OSError) -> RefusedError:
        return RefusedError(
            f"the file {self._file} cannot be written ({error.strerror}): choose another path, or "
            "free some space and run it again; it continues where it stopped."
        )
