"""Identifying a process by its number and start time, since numbers are reused; ending this one."""

import os
import socket
import threading
from pathlib import Path

#: The field of /proc/PID/stat with the start time, counted after the command name, which may
#: contain blanks and brackets (see proc(5)).
_START_FIELD = 19
_PROC = Path("/proc/self/stat")


def this_host() -> str:
    """Return the name of this host, under which its processes are recorded."""
    return socket.gethostname()


def start_ticks(process: int) -> int:
    """Return the start time of a process in clock ticks since boot; 0 if it is not known."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[_START_FIELD])


def is_running(process: int, started: int) -> bool:
    """Whether the process with this number and start time is still running on this host."""
    if not _PROC.exists():  # a system without /proc: only the number can be checked
        try:
            os.kill(process, 0)
        except OSError:
            return False
        return True
    return started != 0 and start_ticks(process) == started


def kill_soon(seconds: float) -> None:
    """Kill this process if it has not ended by itself in so many seconds."""
    timer = threading.Timer(seconds, os._exit, (1,))
    timer.daemon = True
    timer.start()
