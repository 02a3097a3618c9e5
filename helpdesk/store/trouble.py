"""The database's errors, said in sentences."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm.exc import StaleDataError

from helpdesk.domain.errors import ConflictError, DeskError, RefusedError, UnavailableError

_READ_ONLY = "is read-only for you: nothing was changed; ask its owner for write access"
_SENTENCES: tuple[tuple[str, str], ...] = (
    ("database is locked", "is busy: another program holds it; wait a moment and try again"),
    ("readonly", _READ_ONLY),
    ("read-only", _READ_ONLY),
    ("disk is full", "has no room left on its disk: nothing was changed; free some space"),
    ("disk i/o error", "cannot be read or written: nothing was changed; check the disk"),
    ("not a database", "is not a helpdesk database; name another with --db"),
    ("malformed", "is damaged; restore it from a backup"),
    ("unable to open", "cannot be opened; check that the folder exists and that you may use it"),
    ("no such table", "is not a helpdesk database, or half set up; see 'helpdesk db status'"),
    ("no such column", "does not fit this program; see 'helpdesk db status'"),
)  # fmt: skip


@contextmanager
def told_in_sentences(where: str) -> Iterator[None]:
    """Turn errors of the database inside the block into a :class:`DeskError` with a sentence.

    :param where: the database as a person knows it (path or URL without password).
    """
    try:
        yield
    except DeskError:
        raise
    except UnicodeEncodeError as error:
        # Half characters: what a shell hands over that was not UTF-8.
        raise RefusedError("a name holds bytes that are not text: write it anew.") from error
    except StaleDataError as error:
        raise ConflictError("somebody else changed this ticket first; look again.") from error
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise UnavailableError(
            f"{where} is not a database URL that works here ({_first_line(error)}); "
            "an example is sqlite:////srv/helpdesk/desk.db."
        ) from error
    except (DBAPIError, sqlite3.Error) as error:
        raise UnavailableError(f"the database {where} {_reason(error, where)}.") from error


def _reason(error: Exception, where: str) -> str:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    said = str(cause).lower()
    if "unable to open" in said and Path(where).is_file() and not os.access(where, os.W_OK):
        # In WAL mode even a reader writes beside the file.
        return _READ_ONLY
    for sign, sentence in _SENTENCES:
        if sign in said:
            return sentence
    return f"refused: {_first_line(cause)}"


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
