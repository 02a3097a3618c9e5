"""Take backups of the desk, delete old ones and restore one."""

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpdesk.desk.administration.schema_upgrade import desk_id, path_beside, require_owner
from helpdesk.desk.session import LAST_BACKUP, Desk, system_login, utc_now
from helpdesk.desk.settings import Settings
from helpdesk.domain.audit import Actor
from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.domain.i18n import _
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


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored.

    :ivar database: the name of the database.
    :ivar kept: the path of the backup of the desk that was replaced; None if there was none.
    """

    database: str
    kept: str | None


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
        taken = Backup(str(path), backup.back_up(desk.database, path, desk_id(desk.database)))
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
    own = desk_id(desk.database)
    size = backup.back_up(desk.database, target, own)
    # Dated names sort by time; files with other names, or of another desk, are never deleted.
    dated = sorted(path.glob(f"{_PREFIX}????-??-??T??????Z{ending}"))
    old = [file for file in dated if backup.is_of_desk(file, own)][:-keep]
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
    if known_desks.find(desk.database.url) is not None:
        known = KnownDesk(desk_id(desk.database), str(file.absolute()))
        known_desks.remember(desk.database.url, known)


def restore(
    settings: Settings,
    file: Path,
    *,
    replace: bool = False,
    keep_replaced: bool = True,
    clock: Callable[[], datetime] = utc_now,
) -> Restored:
    """Restore a backup into the configured database.

    This also works when the desk cannot be opened.

    :param replace: whether an existing desk may be overwritten.
    :param keep_replaced: whether that desk is backed up first.
    :param clock: returns the host's time (UTC), which dates the audit record.
    :raises RefusedError: if the database holds a desk and ``replace`` is not set.
    :raises NotPermittedError: if somebody else owns that desk.
    :raises UnavailableError: if the file is not a valid backup or cannot be restored, or if the
        desk that is there cannot be kept; it stays as it was then.
    """
    backup.verify(file)
    database = Database(parse_url(settings.database_url))
    database.who = Actor(system_login(), host=socket.gethostname())
    database.clock.host = clock
    try:
        kept = None
        damaged = backup.is_damaged(database)
        if damaged or (database.backend.exists() and migrate.status(database).current is not None):
            if not replace:
                raise RefusedError(
                    f"{database.name} holds a desk: add --replace to put the backup in its place."
                )
            if not damaged:  # otherwise the file's own mode decides
                require_owner(database, "put a backup in its place")
            kept = _keep_replaced(database) if keep_replaced else None
        taken_at = _taken_at(file)
        backup.restore(database, file)
        known_desks.replaced(database.url, desk_id(database))
        if migrate.status(database).is_current:
            with suppress(UnavailableError), database.write() as session:
                value = f"{taken_at.isoformat()} {storable(str(file.absolute()))}"
                people.set_desk_setting(session, LAST_BACKUP, value)
        return Restored(database.name, None if kept is None else str(kept))
    finally:
        database.close()


def _keep_replaced(database: Database) -> Path:
    """Back up the desk that is about to be replaced; a damaged file is copied as it is."""
    target = path_beside(database, "before-restore")
    try:
        backup.back_up(database, target, "")  # there is no earlier file of that name
    except UnavailableError as error:
        try:
            backup.keep_as_it_is(database, target)
        except UnavailableError:
            raise UnavailableError(
                _(
                    "nothing was restored, because the desk that is there cannot be kept: "
                    "{why} Add --no-backup to replace it all the same."
                ).format(why=error)
            ) from error
    return target


def _taken_at(file: Path) -> datetime:
    """Return when a backup was taken (UTC): by its dated name, or by the time of the file."""
    with suppress(ValueError):
        return datetime.strptime(file.stem, f"{_PREFIX}%Y-%m-%dT%H%M%SZ").replace(tzinfo=UTC)
    return datetime.fromtimestamp(int(file.stat().st_mtime), UTC)
