"""Take backups of a desk's database while it is in use, and restore them.

The backup of an SQLite desk is an SQLite file, that of a PostgreSQL desk is a ``pg_dump`` archive.
It is written to a temporary file in the same folder, verified, and only then given its name: if the
disk fills up meanwhile, an earlier backup of that name stays.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from helpdesk.domain.errors import RefusedError, UnavailableError
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


def back_up(database: "Database", target: Path) -> int:
    """Write a consistent, verified copy of the database; return its size in bytes.

    :raises RefusedError: if the target is the desk itself, a folder, or anything but a plain file.
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


def restore(database: "Database", file: Path) -> None:
    """Replace the whole content of the database by a backup's.

    Running programs see the new state at their next read.

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
    if not database.backend.exists():
        database.backend.prepare()
    with (
        translated_errors(database.name),
        database.backend.turn(),
        closing(_open_copy(file)) as copy,
        closing(sqlite3.connect(database.file, timeout=database.backend.wait_s)) as desk,
    ):
        copy.backup(desk)


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
