"""What can go wrong, said in one sentence each.

Every error that a person can cause is a :class:`DeskError`.  Its text is one sentence that names
what is wrong, where, and what to do; it is shown as it is, in the app and on stderr.  The kinds
differ only in what a caller does with them (see ``helpdesk.cli.exit_codes``).
"""


class DeskError(Exception):
    """Base of all errors with a sentence for a person."""


class RefusedError(DeskError):
    """A rule, a missing thing or bad input stands against it; nothing was changed."""


class NotFoundError(RefusedError):
    """No ticket, agent, article or other thing of that name."""


class HiddenError(NotFoundError):
    """It is there, but not for the acting agent, who is told that there is none.

    :ivar reason: what the audit trail says of it.
    """

    def __init__(self, sentence: str, reason: str) -> None:
        super().__init__(sentence)
        self.reason = reason


class NotPermittedError(DeskError):
    """The acting agent's role or level does not allow it; nothing was changed."""


class ConflictError(DeskError):
    """Somebody else changed it first; nothing was changed.

    :ivar changes: what the others did since, one line each, newest last.
    """

    def __init__(self, sentence: str, changes: tuple[str, ...] = ()) -> None:
        super().__init__(sentence)
        self.changes = changes


class UnavailableError(RefusedError):
    """The database or a folder cannot be used now: missing, locked, read-only, damaged, too new."""


class OutdatedProgramError(UnavailableError):
    """The desk was upgraded while this program had it open; the program must end."""
