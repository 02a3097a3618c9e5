"""The errors that a person can cause.

Each is a :class:`DeskError`.  Its text is one sentence that says what is wrong, where, and what to
do; in the app and on stderr it is shown with the cure that is at hand there (see
``helpdesk.domain.cures``).  The subclasses differ only in what a caller does with them (see
``helpdesk.cli.exit_codes``).
"""

import errno


class DeskError(Exception):
    """Base class of all errors whose text is meant for a person."""


class RefusedError(DeskError):
    """A rule forbids it, something is missing, or the input is bad; nothing was changed."""


class NotFoundError(RefusedError):
    """There is no ticket, agent, article or other object of that name."""


class UnknownPersonError(NotFoundError):
    """Nobody known is meant by a text, or several people may be.

    :ivar text: the text.
    """

    def __init__(self, sentence: str, text: str) -> None:
        super().__init__(sentence)
        self.text = text


class HiddenError(NotFoundError):
    """The object exists, but the acting agent may not see it and is told that it does not exist.

    :ivar reason: the reason that is written to the audit trail.
    """

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class PathRefusedError(RefusedError):
    """A path names something that may not be opened: a link, a device, a place outside."""


class NotPermittedError(DeskError):
    """The acting agent's role or level does not allow it; nothing was changed."""


class FencedError(NotPermittedError, PermissionError):
    """The fences around a process of an SSH client refused what it was about to do.

    It is also an :class:`OSError`, so that code that expects a missing or unreadable file goes on.
    """

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.errno, self.strerror = errno.EACCES, "not allowed over SSH"
        self._sentence = sentence

    def __str__(self) -> str:
        return self._sentence


class ConflictError(DeskError):
    """Somebody else changed it first; nothing was changed.

    :ivar changes: what the others have done since, one line each, newest last.
    """

    def __init__(self, sentence: str, changes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.changes = changes


class HeldError(ConflictError):
    """A ticket is assigned to another agent, from whom it can be taken over.

    :ivar holder: that agent's login.
    """

    def __init__(self, sentence: str, holder: str) -> None:
        super().__init__(sentence)
        self.holder = holder


class UnavailableError(RefusedError):
    """The database or a folder is missing, locked, read-only, damaged or too new to be used."""


class BusyError(UnavailableError):
    """Other writers hold the database; it can be tried again."""


class AbsentDatabaseError(UnavailableError):
    """The server has no database of that name."""


class OutdatedProgramError(UnavailableError):
    """The desk was upgraded while this program had it open; the program must end."""
