"""Identifying a process by its number and start time, since numbers are reused; ending this one."""

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path

#: The field of /proc/PID/stat with the start time, counted after the command name, which may
#: contain blanks and brackets (see proc(5)).
_START_FIELD = 19
#: How long a process that is killed may take for its last act, in seconds.
_LAST_ACT_S = 1.0
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


def kill_soon(seconds: float, last_act: Callable[[], None] | None = None) -> None:
    """Kill this process if it has not ended by itself in so many seconds.

    :param last_act: done before, if it takes no longer than a second.
    """
    timer = threading.Timer(seconds, _kill, (last_act,))
    timer.daemon = True
    timer.start()


def _kill(last_act: Callable[[], None] | None) -> None:
    if last_act is not None:
        # In a thread of its own, because the process may hold the lock that this waits for.
        last = threading.Thread(target=last_act, daemon=True)
        last.start()
        last.join(_LAST_ACT_S)
    os._exit(1)
