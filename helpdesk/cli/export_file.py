"""Where an export goes: standard output, or a file that is whole or not there at all.

A file is written beside its place as ``NAME.part``.  After each chunk ``NAME.part.at`` says how far
it is, so that an export that was interrupted goes on where it was when it is started again.
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
    """An open export; a context manager that finishes the file if nothing went wrong.

    :param of: what is exported; an interrupted export of something else is begun anew.
    :ivar after: the number of the last ticket that is in the file already; 0: none is.
    """

    def __init__(self, name: str | None, of: dict[str, Any]) -> None:
        self._file = None if name in (None, "-") else Path(name).expanduser()
        self._of = of
        self.after = 0
        self._out: IO[str] = sys.stdout

    @property
    def _part(self) -> Path:
        assert self._file is not None  # noqa: S101  (asked only of a file)
        return self._file.with_name(f"{self._file.name}.part")

    @property
    def _mark(self) -> Path:
        return self._part.with_name(f"{self._part.name}.at")

    def __enter__(self) -> "ExportFile":
        if self._file is None:
            return self
        try:
            size = self._resume()
            # newline="": CSV lines end as they say.
            self._out = self._part.open("r+" if size else "w", encoding="utf-8", newline="")
            self._out.truncate(size)
            self._out.seek(size)
        except OSError as error:
            raise self._trouble(error) from error
        return self

    def _resume(self) -> int:
        """Return how many bytes of an earlier attempt are good."""
        try:
            mark = json.loads(self._mark.read_text(encoding="utf-8"))
            if mark["of"] == self._of and self._part.stat().st_size >= mark["bytes"]:
                self.after = int(mark["after"])
                return int(mark["bytes"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return 0

    def write(self, text: str) -> None:
        """Write."""
        try:
            self._out.write(text)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise self._trouble(error) from error

    def reached(self, number: int) -> None:
        """Remember that everything up to this ticket is written."""
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
            raise self._trouble(error) from error

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
            except OSError as trouble:
                raise self._trouble(trouble) from trouble
            with suppress(OSError):
                self._mark.unlink(missing_ok=True)

    def _trouble(self, error: OSError) -> RefusedError:
        return RefusedError(
            f"the file {self._file} cannot be written ({error.strerror}): name another place, or "
            "make room and start again; it goes on where it was."
        )
