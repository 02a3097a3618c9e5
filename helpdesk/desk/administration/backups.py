"""Take backups of the desk, delete old ones and restore one."""

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from helpdesk.desk.administration.schema_upgrade import require_owner
from helpdesk.desk.session import DESK_ID, LAST_BACKUP, Desk
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line, storable
from helpdesk.store.administration import backup
from helpdesk.store.database import known_desks, migrate
from helpdesk.store.database.database import Database
from helpdesk.store.database.known_desks import KnownDesk
from helpdesk.store.database.url import parse_url
from helpdesk.store.people import people
from helpdesk.store.ticket import tickets

_PREFIX = "helpdesk-"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that was taken and verified.

    :ivar bytes: the size of its file.
    :ivar removed: the older backups that were deleted after it.
    """

    path: str
    bytes: int
    removed: tuple[str, ...] = ()


def take(desk: Desk, path: Path, keep: int | None = None) -> Backup:
    """Take a backup while the desk is in use, and verify it.

    :param path: the backup file; with ``keep``, the folder in which the file gets a dated name.
    :param keep: how many dated backups stay in the folder; older ones are deleted once the new one
        has been verified.
    :raises NotPermittedError: if the role does not allow it.
    :raises RefusedError: if the path is not valid UTF-8.
    :raises UnavailableError: if the file cannot be written; earlier backups are untouched.
    """
    desk.require(Right.MANAGE_DATABASE)
    if storable(str(path.absolute())) != str(path.absolute()):
        # The database records the path of the newest backup as text.
        raise RefusedError(
            f"the path {one_line(str(path))!r} holds bytes that are not UTF-8: name another place "
            "for the backup."
        )
    if keep is None:
        taken = Backup(str(path), backup.back_up(desk.database, path))
        _record_newest(desk, path)
        return taken
    ending = backup.file_ending(desk.database)
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UnavailableError(
            f"the folder {path} for backups cannot be made ({error.strerror}): name another."
        ) from error
    target = path / f"{_PREFIX}{desk.now():%Y-%m-%dT%H%M%SZ}{ending}"
    size = backup.back_up(desk.database, target)
    # Dated names sort by time; files with other names are never deleted.
    dated = sorted(path.glob(f"{_PREFIX}????-??-??T??????Z{ending}"))
    old = dated[:-keep]
    for file in old:
        file.unlink(missing_ok=True)
    _record_newest(desk, target)
    return Backup(str(target), size, tuple(str(file) for file in old))


def _record_newest(desk: Desk, file: Path) -> None:
    """Record the time and path of the newest backup, for ``helpdesk doctor``."""
    with suppress(UnavailableError), desk.database.read(as_desk=True) as session:
        tickets_held = tickets.count(session)
        desk.record_use("backed up the desk", "", tickets_held, str(file.absolute()))
    with suppress(UnavailableError), desk.database.write() as session:
        people.set_desk_setting(session, LAST_BACKUP, f"{desk.now().isoformat()} {file.absolute()}")
    with desk.database.read() as session:
        desk_id = people.desk_setting(session, DESK_ID)
    if known_desks.find(desk.database.url) is not None:
        known_desks.remember(desk.database.url, KnownDesk(desk_id, str(file.absolute())))


def restore(settings: Settings, file: Path, *, replace: bool = False) -> str:
    """Restore a backup into the configured database; return the database's name.

    This also works when the desk cannot be opened.

    :param replace: whether an existing desk may be overwritten.
    :raises RefusedError: if the database holds a desk and ``replace`` is not set.
    :raises NotPermittedError: if somebody else owns that desk.
    :raises UnavailableError: if the file is not a valid backup or cannot be restored.
    """
    backup.verify(file)
    database = Database(parse_url(settings.database_url))
    try:
        if database.backend.exists() and migrate.status(database).current is not None:
            if not replace:
                raise RefusedError(
                    f"{database.name} holds a desk: add --replace to put the backup in its place."
                )
            require_owner(database, "put a backup in its place")
        backup.restore(database, file)
        with database.read() as session:
            known_desks.replaced(database.url, people.desk_setting(session, DESK_ID))
        return database.name
    finally:
        database.close()
