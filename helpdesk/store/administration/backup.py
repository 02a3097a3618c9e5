"""Copies of a whole database, taken while everybody works, and putting them back.

A backup of an SQLite desk is an SQLite file, one of a PostgreSQL desk is an archive of ``pg_dump``.
It is written beside its name and takes that name only once it was read back and found whole: a
disk that fills in the middle leaves the earlier backup where it is.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.store.administration import pg_tools
from helpdesk.store.database.errors import told_in_sentences

if TYPE_CHECKING:
    from helpdesk.store.database.database import Database

#: Endings of backups by engine.
SQLITE_ENDING: Final = ".db"
POSTGRESQL_ENDING: Final = ".dump"


def ending(database: "Database") -> str:
    """Return how the names of this desk's backups end."""
    return SQLITE_ENDING if database.file is not None else POSTGRESQL_ENDING


def back_up(database: "Database", target: Path) -> int:
    """Write a consistent copy of the database, verified; return its size in bytes.

    :raises RefusedError: if the target is the desk itself or a folder.
    :raises UnavailableError: if it cannot be written or does not prove whole; an earlier backup of
        that name is left as it is.
    """
    if target.is_dir():
        raise RefusedError(f"{target} is a folder: name a file, or add --keep N for dated names.")
    if database.file is not None and target.exists() and target.samefile(database.file):
        raise RefusedError(f"{target} is the desk itself: name another file for its backup.")
    with _whole_or_not_at_all(target) as beside:
        if database.file is not None:
            _copy_file(database, beside)
        else:
            pg_tools.dump(database.url, beside)
    return target.stat().st_size


def verify(file: Path, name: str | None = None) -> None:
    """See that a backup can be read and is whole.

    :param name: what to call it in errors.
    :raises UnavailableError: if it is not.
    """
    name = name or str(file)
    if not file.is_file():
        raise UnavailableError(f"there is no backup {name}.")
    if pg_tools.is_archive(file):
        pg_tools.verify(file, name)
        return
    with told_in_sentences(name), closing(_open_copy(file)) as copy:
        found = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
        copy.execute("SELECT version_num FROM alembic_version").fetchone()
    if found != "ok":
        raise UnavailableError(f"the backup {name} is damaged ({found}): take another.")


def put_back(database: "Database", file: Path) -> None:
    """Put what a backup holds in the place of all that the database holds now.

    Whoever is connected sees the new state at their next look.

    :raises UnavailableError: if the backup is of the other engine or not whole; the desk is left
        as it was.
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
    if not database.kind.exists():
        database.kind.prepare()
    with (
        told_in_sentences(database.name),
        database.kind.turn(),
        closing(_open_copy(file)) as copy,
        closing(sqlite3.connect(database.file, timeout=database.kind.wait_s)) as desk,
    ):
        copy.backup(desk)


def _copy_file(database: "Database", beside: Path) -> None:
    source = sqlite3.connect(
        f"{database.file.absolute().as_uri()}?mode=ro", uri=True, timeout=database.kind.wait_s
    ) if database.file else None  # fmt: skip
    assert source is not None  # noqa: S101  (for the type checker)
    with told_in_sentences(str(beside)), closing(source), closing(sqlite3.connect(beside)) as copy:
        # In one step: the copy is of one moment, and writers are not made to wait.
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, that can be read where it lies


def _open_copy(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


@contextmanager
def _whole_or_not_at_all(target: Path) -> Iterator[Path]:
    """Give a file beside the target, which takes its place if the block ends well."""
    beside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        try:
            os.close(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            yield beside
            verify(beside, str(target))
            _settle(beside)
            beside.replace(target)
            _settle(target.parent)
        except OSError as error:
            raise UnavailableError(
                f"the backup {target} cannot be written ({error.strerror}): "
                "nothing of an earlier one was changed."
            ) from error
        except UnavailableError as error:
            said = str(error).replace(str(beside), str(target)).removeprefix("the database ")
            raise UnavailableError(
                f"no backup was taken, an earlier one is untouched: {said}"
            ) from error
    finally:
        for name in (beside, Path(f"{beside}-journal")):
            with suppress(OSError):
                name.unlink(missing_ok=True)


def _settle(path: Path) -> None:
    """See that it is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
