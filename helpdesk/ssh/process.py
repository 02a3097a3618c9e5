"""Telling a process from a later one of the same number."""

import os
import socket
from pathlib import Path

#: Counted from the end of the command's name, which may hold blanks and brackets (proc(5)).
_START_FIELD = 19
_PROC = Path("/proc/self/stat")


def this_host() -> str:
    """Return the name under which this host's processes are listed."""
    return socket.gethostname()


def start_of(process: int) -> int:
    """Return when a process was started, in clock ticks since the host was; 0: not known."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[_START_FIELD])


def is_there(process: int, started: int) -> bool:
    """Whether that very process still runs on this host."""
    if not _PROC.exists():  # a system that does not tell: the number alone must do
        try:
            os.kill(process, 0)
        except OSError:
            return False
        return True
    return started != 0 and start_of(process) == started
