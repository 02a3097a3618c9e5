"""Take backups of a desk's database while it is in use, and restore them.

The backup of an SQLite desk is an SQLite file, that of a PostgreSQL desk is a ``pg_dump`` archive.
It is written to a temporary file in the same folder, verified, and only then given its name: if the
disk fills up meanwhile, an earlier backup of that name stays.
"""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.domain.i18n import _
from helpdesk.store.administration import pg_tools
from helpdesk.store.database.errors import translated_errors

if TYPE_CHECKING:
    from helpdesk.store.database.database import Database

#: File name endings of backups, by engine.
SQLITE_ENDING: Final = ".db"
POSTGRESQL_ENDING: Final = ".dump"


def file_ending(database: "Database") -> str:
    """Return the file name ending of this desk's backups."""
    return SQLITE_ENDING if database.file is not None else POSTGRESQL_ENDING


def back_up(database: "Database", target: Path, desk_id: str) -> int:
    """Write a consistent, verified copy of the database; return its size in bytes.

    :param desk_id: the id of the desk; "" if it has none yet.
    :raises RefusedError: if the target is the desk itself, a folder, anything but a plain file, or
        a file that is not a backup of this desk.
    :raises UnavailableError: if it cannot be written or verified; an earlier backup of that name
        stays.
    """
    if target.is_dir():
        raise RefusedError(f"{target} is a folder: name a file, or add --keep N for dated names.")
    if os.path.lexists(target) and (target.is_symlink() or not target.is_file()):
        raise RefusedError(
            f"{target} is a link, a device or a pipe, not a plain file: name another file for the "
            "backup."
        )
    if database.file is not None and target.exists() and target.samefile(database.file):
        raise RefusedError(f"{target} is the desk itself: name another file for its backup.")
    if target.exists() and target.stat().st_size:
        _require_own(target, desk_id)
    with _written_atomically(target) as temporary:
        if database.file is not None:
            _copy_file(database, temporary)
        else:
            pg_tools.dump(database.url, temporary)
    return target.stat().st_size


def verify(file: Path, name: str | None = None) -> None:
    """Check that a backup can be read and is complete.

    :param name: its name in messages.
    :raises UnavailableError: if it is missing or damaged.
    """
    name = name or str(file)
    if not file.is_file():
        raise UnavailableError(f"there is no backup {name}.")
    if pg_tools.is_archive(file):
        pg_tools.verify(file, name)
        return
    with translated_errors(name), closing(_open_copy(file)) as copy:
        result = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        copy.execute("SELECT version_num FROM alembic_version").fetchone()
    if result != "ok":
        raise UnavailableError(f"the backup {name} is damaged ({result}): take another.")


def is_of_desk(file: Path, desk_id: str) -> bool:
    """Whether a file is a backup of a desk, as far as can be told.

    Backups of the first versions name no desk; they count as backups of every desk.

    :param desk_id: the id of the desk; "" if it has none yet.
    """
    try:
        if pg_tools.is_archive(file):
            found = pg_tools.desk_id(file)
        else:
            with closing(_open_copy(file)) as copy:
                query = "SELECT value FROM desk_facts WHERE name = 'desk_id'"
                rows = copy.execute(query).fetchall()
            found = str(rows[0][0]) if rows else ""
    except (OSError, sqlite3.Error, UnavailableError):
        return False
    return found in ("", desk_id)


def _require_own(file: Path, desk_id: str) -> None:
    if not is_of_desk(file, desk_id):
        raise RefusedError(
            _("{file} is there and is not a backup of this desk: name another file.").format(
                file=file
            )
        )


def is_damaged(database: "Database") -> bool:
    """Whether a desk's file is so damaged that it cannot be read; False for a desk on a server."""
    if database.file is None or not database.backend.exists():
        return False
    try:
        with closing(
            sqlite3.connect(f"{database.file.absolute().as_uri()}?mode=ro", uri=True)
        ) as c:
            c.execute("SELECT version_num FROM alembic_version").fetchall()
            c.execute("SELECT value FROM desk_facts").fetchall()
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
    return False


def restore(database: "Database", file: Path) -> None:
    """Replace the whole content of the database by a backup's.

    Running programs see the new state at their next read, unless the file was damaged: then a new
    file takes its place.

    :raises RefusedError: if the backup is of the other engine.
    :raises UnavailableError: if the backup is damaged; the desk stays as it was.
    """
    verify(file)
    if pg_tools.is_archive(file) == (database.file is not None):
        raise RefusedError(
            f"{file} is a backup of the other engine: restore it there, "
            "then move the desk with 'helpdesk db copy --to URL'."
        )
    if database.file is None:
        pg_tools.restore(database.url, file)
        return
    if is_damaged(database):
        for ending in ("-wal", "-shm", ""):
            Path(f"{database.file}{ending}").unlink(missing_ok=True)
    if not database.backend.exists():
        database.backend.prepare()
    with (
        translated_errors(database.name),
        database.backend.turn(),
        closing(_open_copy(file)) as copy,
        closing(sqlite3.connect(database.file, timeout=database.backend.wait_s)) as desk,
    ):
        copy.backup(desk)


def keep_as_it_is(database: "Database", target: Path) -> None:
    """Copy the files of a desk that may be damaged, byte for byte.

    :raises UnavailableError: if they cannot be copied.
    """
    if database.file is None:
        raise UnavailableError(_("the files of a desk on a server cannot be copied."))
    try:
        for ending in ("", "-wal"):
            source = Path(f"{database.file}{ending}")
            if source.exists():
                copied = Path(f"{target}{ending}")
                copied.touch(mode=0o600, exist_ok=False)
                shutil.copyfile(source, copied)
                _sync(copied)
    except OSError as error:
        raise UnavailableError(
            _("{file} cannot be written ({why}).").format(file=target, why=error.strerror)
        ) from error


def _copy_file(database: "Database", target: Path) -> None:
    source = sqlite3.connect(
        f"{database.file.absolute().as_uri()}?mode=ro", uri=True, timeout=database.backend.wait_s
    ) if database.file else None  # fmt: skip
    assert source is not None  # noqa: S101  (for the type checker)
    with translated_errors(str(target)), closing(source), closing(sqlite3.connect(target)) as copy:
        # All pages in one step: the copy is of one moment, and writers need not wait.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # a single file, readable on read-only media


def _open_copy(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


@contextmanager
def _written_atomically(target: Path) -> Iterator[Path]:
    """Give a temporary file; verify it and rename it to ``target`` at the end of the block."""
    temporary = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield temporary
            verify(temporary, str(target))
            _sync(temporary)
            temporary.replace(target)
            _sync(target.parent)
        except OSError as error:
            raise UnavailableError(
                f"the backup {target} cannot be written ({error.strerror}): "
                "nothing of an earlier one was changed."
            ) from error
        except UnavailableError as error:
            reason = str(error).replace(str(temporary), str(target))
            reason = reason.removeprefix("the database ")
            raise UnavailableError(
                f"no backup was taken, an earlier one is untouched: {reason}"
            ) from error
    finally:
        for file in (temporary, Path(f"{temporary}-journal")):
            with suppress(OSError):
                file.unlink(missing_ok=True)


def _sync(path: Path) -> None:
    """Wait until a file or folder is written to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
