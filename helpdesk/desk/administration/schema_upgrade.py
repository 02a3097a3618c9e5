"""Looking after the database's schema; works also where the desk itself cannot be opened."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from helpdesk import locations
from helpdesk.desk import session as desk_session
from helpdesk.desk.session import OWNER
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import NotPermittedError
from helpdesk.store.administration import backup, size
from helpdesk.store.database import migrate, schema_version
from helpdesk.store.database.database import Database
from helpdesk.store.database.url import parse_url
from helpdesk.store.people import people

#: Is told, in a few words, what is being done.
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """``schema`` is None where there is no desk yet; ``state`` is one of: absent, current,
    outdated, newer."""

    database: str
    schema: str | None
    program_schema: str
    state: str


def status(settings: Settings) -> DatabaseStatus:
    """Tell which schema the database has, changing nothing.

    :raises UnavailableError: if it cannot be read, is not a helpdesk database, or half migrated.
    """
    database = Database(parse_url(settings.database_url))
    try:
        return _status(database)
    finally:
        database.close()


def _status(database: Database) -> DatabaseStatus:
    if not database.kind.exists():
        return DatabaseStatus(database.name, None, schema_version.HEAD, "absent")
    found = migrate.status(database)
    if found.is_current:
        migrate.require_whole(database)
    return DatabaseStatus(database.name, found.current, found.head, _state(found))


def _state(found: migrate.SchemaStatus) -> str:
    if found.current is None:
        return "absent"
    if not found.known:
        return "newer"
    return "current" if found.is_current else "outdated"


def require_owner(database: Database, to_do: str) -> None:
    """Refuse what is for the desk's owner alone; a database without a desk has none.

    :param to_do: what is asked for, after "may".
    :raises NotPermittedError: if somebody else owns the desk.
    """
    with database.read() as session:
        owner = people.fact(session, OWNER)
    login = desk_session.system_login()
    if owner not in ("", login):
        raise NotPermittedError(f"only the desk's owner ({owner}) may {to_do}; you are {login}.")


def upgrade(
    settings: Settings,
    *,
    take_backup: bool = True,
    backup_to: Path | None = None,
    told: Told = lambda words: None,
) -> DatabaseStatus:
    """Bring the schema to this program's version, in one transaction; for the desk's owner.

    A backup is taken before: beside the file, or in the data folder for a desk on a server.

    :raises NotPermittedError: if somebody else owns the desk.
    :raises UnavailableError: if no backup can be taken; then nothing was changed.
    """
    database = Database(parse_url(settings.database_url))
    try:
        found = _status(database)
        if found.schema is None:
            migrate.require_current(database)
            return _status(database)
        require_owner(database, "upgrade its database")
        if found.state == "outdated":
            if take_backup:
                target = backup_to or _backup_before(database, found.schema)
                told(f"backup: {target}")
                backup.back_up(database, target)
            rows = size.rows(database)
            seconds = size.seconds_to_upgrade(database, rows, found.schema)
            told(f"upgrade of {rows:,} rows: about {_span(seconds)}; agents may stay connected")
        migrate.upgrade(database, lambda step: told(f"done: {step}"))
        return _status(database)
    finally:
        database.close()


def _backup_before(database: Database, schema: str) -> Path:
    at = datetime.now(UTC)
    name = f"before-upgrade-from-{schema}-{at:%Y%m%dT%H%M%SZ}{backup.ending(database)}"
    if database.file is not None:
        return database.file.with_name(f"{database.file.name}-{name}")
    folder = locations.data_dir() / "backups"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / f"{database.url.database}-{name}"


def _span(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
