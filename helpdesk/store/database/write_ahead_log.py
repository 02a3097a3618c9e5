"""The log beside an SQLite file: how long it is, and who keeps it from starting anew.

What is committed is appended to the log and carried into the file later.  The log starts anew when
nobody reads what is older than its end: one program that reads and does not come to an end (a shell
with an open transaction, say) lets it grow for as long as it stays.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from helpdesk.domain.text import one_line

#: SQLite's locks of readers: bytes of the ``-shm`` file ("WAL_READ_LOCK" in its file format).
_READERS = range(123, 128)
_LOOKS = 5
_BETWEEN_S = 0.1


@dataclass(frozen=True, slots=True)
class Reader:
    """A process that reads, and its command."""

    process: int
    command: str

    def __str__(self) -> str:
        return f"process {self.process} ({self.command})" if self.command else str(self.process)


def size(file: Path) -> int:
    """Return the bytes of the log of a database file; 0 if there is none."""
    try:
        return Path(f"{file}-wal").stat().st_size
    except OSError:
        return 0


def lasting_readers(file: Path) -> tuple[Reader, ...]:
    """Return the processes of this host that went on reading while they were looked at.

    As far as the kernel tells: those of other containers have no number here.
    """
    lasting = _readers(file)
    for _ in range(_LOOKS - 1):
        if not lasting:
            break
        time.sleep(_BETWEEN_S)
        lasting &= _readers(file)
    own = os.getpid()
    return tuple(Reader(one, _command(one)) for one in sorted(lasting) if one not in (0, own))


def _readers(file: Path) -> set[int]:
    try:
        inode = Path(f"{file}-shm").stat().st_ino
        lines = Path("/proc/locks").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return set()
    found = set()
    for line in lines:
        # 1: POSIX  ADVISORY  READ 4711 fe:00:1234 124 124
        words = line.split()
        if len(words) < 8 or words[1] != "POSIX" or not words[6].isdigit():
            continue
        if words[5].rpartition(":")[2] == str(inode) and int(words[6]) in _READERS:
            found.add(int(words[4]))
    return found


def _command(process: int) -> str:
    try:
        text = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return one_line(text.replace("\0", " ").strip())[:60]
