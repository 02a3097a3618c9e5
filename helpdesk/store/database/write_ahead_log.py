"""The size of an SQLite file's write-ahead log, and the processes that keep it from being reset.

Commits are appended to the log and copied into the database file later.  SQLite starts again at the
beginning of the log when no reader needs its content any more: a single long read transaction (a
shell with an open transaction, say) makes the log grow until it ends.
"""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from helpdesk.domain.text import one_line

#: The bytes of the ``-shm`` file that readers lock ("WAL_READ_LOCK" in SQLite's file format).
_READ_LOCKS = range(123, 128)
#: A lasting reader holds its lock in this many checks, so many seconds apart.
_CHECKS = 5
_INTERVAL_S = 0.1


@dataclass(frozen=True, slots=True)
class WalReader:
    """A process that reads the database, and its command line."""

    process: int
    command: str

    def __str__(self) -> str:
        return f"process {self.process} ({self.command})" if self.command else str(self.process)


def size(file: Path) -> int:
    """Return the size of a database file's log in bytes; 0 if there is none."""
    try:
        return Path(f"{file}-wal").stat().st_size
    except OSError:
        return 0


def lasting_readers(file: Path) -> tuple[WalReader, ...]:
    """Return the processes of this host that keep a read transaction open.

    It waits up to half a second.  Processes in other containers are not visible.
    """
    lasting = _readers(file)
    for _ in range(_CHECKS - 1):
        if not lasting:
            break
        time.sleep(_INTERVAL_S)
        lasting &= _readers(file)
    own = os.getpid()
    return tuple(WalReader(pid, _command(pid)) for pid in sorted(lasting) if pid not in (0, own))


def _readers(file: Path) -> set[int]:
    try:
        inode = Path(f"{file}-shm").stat().st_ino
        lines = Path("/proc/locks").read_text(encoding="ascii", errors="replace").splitlines()
    except OSError:
        return set()
    found = set()
    for line in lines:
        # A line looks like this: "1: POSIX  ADVISORY  READ 4711 fe:00:1234 124 124".
        words = line.split()
        if len(words) < 8 or words[1] != "POSIX" or not words[6].isdigit():
            continue
        if words[5].rpartition(":")[2] == str(inode) and int(words[6]) in _READ_LOCKS:
            found.add(int(words[4]))
    return found


def _command(process: int) -> str:
    try:
        text = Path(f"/proc/{process}/cmdline").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    return one_line(text.replace("\0", " ").strip())[:60]
