"""Noticing that the SSH client of this process is gone."""

import os
import select

_OUTPUTS = (1, 2)
_BROKEN = select.POLLERR | select.POLLHUP


class ClientLink:
    """The link from this process to its SSH client: its parent process and its output streams.

    Standard input is no part of it: it is at its end while the client still reads the output
    (``ssh desk ticket list < /dev/null``), and so is one of two output streams
    (``ssh desk ticket list | head``).
    """

    def __init__(self) -> None:
        self._parent = os.getppid()

    def is_gone(self) -> bool:
        """Whether sshd has ended, or nobody reads standard output and standard error any more."""
        return os.getppid() != self._parent or all(_is_broken(stream) for stream in _OUTPUTS)


def _is_broken(stream: int) -> bool:
    """Whether the other end of an open pipe, socket or terminal was closed."""
    poll = select.poll()
    poll.register(stream, 0)  # errors and hang-ups are always reported
    return any(happened & _BROKEN for _, happened in poll.poll(0))
