"""The exit codes of the program."""

from enum import IntEnum

from helpdesk.domain.errors import ConflictError, DeskError, NotPermittedError


class ExitCode(IntEnum):
    """Exit codes; the manual documents them (page ``command-line``)."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    CONFLICT = 3
    NOT_PERMITTED = 4


def exit_code_of(error: DeskError) -> ExitCode:
    """Return the exit code for an error of the desk."""
    if isinstance(error, ConflictError):
        return ExitCode.CONFLICT
    if isinstance(error, NotPermittedError):
        return ExitCode.NOT_PERMITTED
    return ExitCode.REFUSED
