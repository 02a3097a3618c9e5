"""Translate database errors into sentences for people."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm.exc import StaleDataError

from helpdesk.domain.errors import (
    AbsentDatabaseError,
    BusyError,
    ConflictError,
    DeskError,
    RefusedError,
    UnavailableError,
)
from helpdesk.domain.text import one_line

_BUSY = "is busy: another program holds it; wait a moment and try again"
_FULL = "has no room left on its disk: nothing was changed; free some space"
_INCOMPLETE = "is not a helpdesk database, or half set up; see 'helpdesk db status'"
_CONNECTION_LOST = "was lost in the middle, nothing was changed: try again"
_READ_ONLY = "is read-only for you: nothing was changed; ask its owner for write access"
_MISMATCH = "does not fit this program; see 'helpdesk db status'"

#: Parts of messages of SQLite, and of libpq where it gives no SQLSTATE, with our sentence for each.
_SENTENCES: tuple[tuple[str, str], ...] = (
    ("database is locked", _BUSY),
    ("locking protocol", _BUSY),
    ("readonly", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("disk is full", _FULL),
    ("disk i/o error", "cannot be read or written: nothing was changed; check the disk"),
    ("not a database", "is not a helpdesk database; name another with --db"),
    ("malformed", "is damaged; restore it from a backup"),
    ("unable to open", "cannot be opened; check that the folder exists and that you may use it"),
    ("no such table", _INCOMPLETE),
    ("no such column", _MISMATCH),
    ("password authentication failed", "does not let you in: the user or the password is wrong"),
    ("no password supplied", "wants a password: put it into ~/.pgpass, or into the URL"),
    ("peer authentication failed", "does not know you: its user must be named as you are here"),
    ("no pg_hba.conf entry", "does not let this host or user in: ask the server's administrator"),
    ("too many clients", "has no connection left: raise max_connections on the server"),
    ("remaining connection slots", "has no connection left: raise max_connections on the server"),
    ("starting up", "is starting up: wait a moment and try again"),
    ("shutting down", "is shutting down: try again when it is back"),
    ("timeout expired", "does not answer: check the host, the port and the network"),
    ("could not translate host name", "is on a host whose name is not known: check the URL"),
    ("failed to resolve host", "is on a host whose name is not known: check the URL"),
    ("connection refused", "cannot be reached: no server listens there; check host and port"),
    ("no such file or directory", "cannot be reached: no server listens there; see that it runs"),
    ("cached plan must not change", "was changed while this program was open: try again"),
    ("server closed the connection", _CONNECTION_LOST),
    ("connection is lost", _CONNECTION_LOST),
    ("connection is closed", _CONNECTION_LOST),
    ("connection reset", _CONNECTION_LOST),
)  # fmt: skip

#: SQLSTATE codes of PostgreSQL (appendix A of its manual); two characters stand for a class.
_SQLSTATES = {
    "55P03": _BUSY,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "53100": _FULL,
    "53300": "has no connection left: raise max_connections on the server",
    "42P01": _INCOMPLETE,
    "42703": _MISMATCH,
    "25P03": "cancelled the change, because this program was stopped in the middle: try again",
    "57P01": _CONNECTION_LOST,
    "57P02": _CONNECTION_LOST,
    "57P03": "is starting up or shutting down: wait a moment and try again",
    "08": _CONNECTION_LOST,
    "XX001": "is damaged; restore it from a backup",
    "22P05": "cannot hold a character of that text: it was not made with the encoding UTF8",
}
#: How many characters before and after one that cannot be stored are shown.
_CONTEXT = 20
#: SQLSTATE codes of a conflict with another transaction (unique key, serialization, deadlock).
_CONFLICTS = ("23505", "40001", "40P01")


@contextmanager
def translated_errors(where: str) -> Iterator[None]:
    """Turn database errors inside the block into a :class:`DeskError` with a sentence.

    :param where: the name of the database in messages (path or URL without password).
    """
    try:
        yield
    except DeskError:
        raise
    except UnicodeEncodeError as error:
        # Input is made storable where it enters; this catches a place that was forgotten.
        raise RefusedError(_surrogate_sentence(error)) from error
    except StaleDataError as error:
        raise ConflictError("somebody else changed this ticket first; look again.") from error
    except ModuleNotFoundError as error:
        raise UnavailableError(
            f"{where} needs the driver for PostgreSQL: install it from the checkout or the wheel, "
            "for example with pip install '.[postgres]'."
        ) from error
    except (ArgumentError, NoSuchModuleError) as error:
        raise UnavailableError(
            f"{where} is not a database URL that works here ({_first_line(error)}); "
            "an example is sqlite:////srv/helpdesk/desk.db."
        ) from error
    except (DBAPIError, sqlite3.Error) as error:
        cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
        if getattr(cause, "sqlstate", None) in _CONFLICTS:
            raise ConflictError(
                "somebody else did the same at the same moment, nothing was saved: look again."
            ) from error
        reason = _reason(cause, where)
        kind = _kind_of(cause, reason)
        raise kind(f"the database {where} {reason}.") from error


def _kind_of(cause: BaseException, reason: str) -> type[UnavailableError]:
    if reason == _BUSY:
        return BusyError
    return AbsentDatabaseError if _is_absent(cause) else UnavailableError


def _surrogate_sentence(error: UnicodeEncodeError) -> str:
    """Return which text holds a lone surrogate: half a character, or a byte that was not UTF-8."""
    start = max(0, error.start - _CONTEXT)
    around = one_line(error.object[start : error.end + _CONTEXT])
    return (
        f"{around!r} holds half a character or a byte that is not UTF-8 "
        f"(character {error.start + 1:,} of the text): write it again without it."
    )


def _reason(cause: BaseException, where: str) -> str:
    state = str(getattr(cause, "sqlstate", None) or "")
    if state in _SQLSTATES or state[:2] in _SQLSTATES:
        return _SQLSTATES.get(state) or _SQLSTATES[state[:2]]
    message = str(cause).lower()
    if "unable to open" in message and Path(where).is_file() and not os.access(where, os.W_OK):
        # In WAL mode even a reader writes to files next to the database.
        return _READ_ONLY
    if _is_absent(cause):
        return "does not exist: make it with createdb --encoding=UTF8 --template=template0"
    for part, sentence in _SENTENCES:
        if part in message:
            return sentence
    return f"refused: {_first_line(cause)}"


def _is_absent(cause: BaseException) -> bool:
    message = str(cause).lower()
    return "does not exist" in message and 'database "' in message


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
