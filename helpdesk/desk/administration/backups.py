"""Backups of the desk: taking them, keeping the newest, putting one back."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpdesk.desk.administration.schema_upgrade import require_owner
from helpdesk.desk.session import Desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line, storable
from helpdesk.store.administration import backup
from helpdesk.store.database import migrate
from helpdesk.store.database.database import Database
from helpdesk.store.database.url import parse_url
from helpdesk.store.people import people

LAST_BACKUP = "last_backup"
_PREFIX = "helpdesk-"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was taken and read back; ``removed`` are older ones that made room."""

    path: str
    bytes: int
    removed: tuple[str, ...] = ()


def take(desk: Desk, path: Path, keep: int | None = None) -> Backup:
    """Take a backup while everybody works, and verify it.

    :param path: the file; with ``keep`` the folder, in which it gets a dated name.
    :param keep: how many dated backups stay in the folder; the oldest go once the new one is whole.
    :raises RefusedError: if the path is no UTF-8 text.
    :raises UnavailableError: if it cannot be written; earlier backups are untouched.
    """
    desk.require(Right.MANAGE_DATABASE)
    if storable(str(path.absolute())) != str(path.absolute()):
        # The desk notes where its newest backup is.
        raise RefusedError(
            f"the path {one_line(str(path))!r} holds bytes that are not UTF-8: name another place "
            "for the backup."
        )
    if keep is None:
        taken = Backup(str(path), backup.back_up(desk.database, path))
        _note(desk, path)
        return taken
    ending = backup.ending(desk.database)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"the folder {path} for backups cannot be made ({error.strerror}): name another."
        ) from error
    target = path / f"{_PREFIX}{desk.now():%Y-%m-%dT%H%M%SZ}{ending}"
    size = backup.back_up(desk.database, target)
    # Dated names sort by time; what is named otherwise is not ours to remove.
    dated = sorted(path.glob(f"{_PREFIX}????-??-??T??????Z{ending}"))
    old = dated[:-keep]
    for file in old:
        file.unlink(missing_ok=True)
    _note(desk, target)
    return Backup(str(target), size, tuple(str(file) for file in old))


def _note(desk: Desk, file: Path) -> None:
    """Remember when the newest backup was taken, for ``helpdesk doctor``."""
    with suppress(UnavailableError), desk.database.write() as session:
        people.set_fact(session, LAST_BACKUP, f"{desk.now().isoformat()} {file.absolute()}")


def restore(settings: Settings, file: Path, *, replace: bool = False) -> str:
    """Put a backup in the place of the desk; return the database's name.

    Works also where the desk cannot be opened.

    :param replace: whether a desk that is there may go.
    :raises RefusedError: if there is a desk, and it may not.
    :raises NotPermittedError: if the desk is somebody else's.
    """
    backup.verify(file)
    database = Database(parse_url(settings.database_url))
    try:
        if database.kind.exists() and migrate.status(database).current is not None:
            if not replace:
                raise RefusedError(
                    f"{database.name} holds a desk: add --replace to put the backup in its place."
                )
            require_owner(database, "put a backup in its place")
        backup.put_back(database, file)
        return database.name
    finally:
        database.close()
