"""Show and upgrade the database schema; this also works when the desk cannot be opened."""

import socket
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path

from helpdesk import locations
from helpdesk.desk import session as desk_session
from helpdesk.desk.policy import renewal
from helpdesk.desk.policy.recompute import RecomputeProgress
from helpdesk.desk.policy.renewal import ClockRenewal
from helpdesk.desk.session import OWNER, utc_now
from helpdesk.desk.settings import Settings
from helpdesk.desk.zone import use_zone_in_force
from helpdesk.domain.audit import Actor
from helpdesk.domain.errors import NotPermittedError, RefusedError
from helpdesk.domain.i18n import _
from helpdesk.store.administration import backup, size
from helpdesk.store.database import migrate, schema_version
from helpdesk.store.database.database import Database
from helpdesk.store.database.url import parse_url
from helpdesk.store.people import people

#: Called with a short description of the step that is being done.
UpgradeProgress = Callable[[str], None]


class ClockStep(Enum):
    """What an upgrade does about clocks of open tickets that follow an older program's rules."""

    RENEW = auto()
    KEEP = auto()
    PREVIEW = auto()
    """Show what would change, and change nothing at all."""


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """The version of the database schema.

    :ivar database: the name of the database.
    :ivar schema: the schema version of the database, or None if it holds no desk yet.
    :ivar program_schema: the schema version that this program needs.
    :ivar state: "absent", "current", "outdated" or "newer".
    :ivar renewal_due: whether the clocks still follow the rules of an older program.
    :ivar renewal: what the upgrade has changed, or would change, in the clocks of open tickets.
    """

    database: str
    schema: str | None
    program_schema: str
    state: str
    renewal_due: bool = False
    renewal: ClockRenewal | None = None


def status(settings: Settings) -> DatabaseStatus:
    """Return the schema version of the database without changing anything.

    :raises UnavailableError: if the database cannot be read, is not a helpdesk database, or is
        only partly migrated.
    """
    database = Database(parse_url(settings.database_url))
    try:
        return _status(database)
    finally:
        database.close()


def _status(database: Database) -> DatabaseStatus:
    found = migrate.existing_status(database)
    if found is None:
        return DatabaseStatus(database.name, None, schema_version.HEAD, "absent")
    if not found.is_current:
        return DatabaseStatus(database.name, found.current, found.head, _state(found))
    migrate.require_complete(database)
    with database.read(as_desk=True) as session:
        due = renewal.is_due(session)
    return DatabaseStatus(database.name, found.current, found.head, _state(found), due)


def _state(found: migrate.SchemaStatus) -> str:
    if found.current is None:
        return "absent"
    if not found.known:
        return "newer"
    return "current" if found.is_current else "outdated"


def require_owner(database: Database, to_do: str) -> None:
    """Refuse an action that only the desk's owner may do; an empty database has no owner.

    :param to_do: the action as it stands after "may" in the error message.
    :raises NotPermittedError: if somebody else owns the desk.
    """
    with database.read() as session:
        owner = people.desk_setting(session, OWNER)
    login = desk_session.system_login()
    if owner not in ("", login):
        raise NotPermittedError(f"only the desk's owner ({owner}) may {to_do}; you are {login}.")


def upgrade(
    settings: Settings,
    *,
    take_backup: bool = True,
    backup_to: Path | None = None,
    clocks: ClockStep = ClockStep.KEEP,
    told: UpgradeProgress = lambda words: None,
    progress: RecomputeProgress = lambda done, of: None,
    clock: Callable[[], datetime] = utc_now,
) -> DatabaseStatus:
    """Upgrade the schema to this program's version in one transaction; for the owner only.

    Then the clocks of the open tickets are brought under this program's rules, in a transaction of
    their own.  If the process is killed between the two, the next call does the second.

    :param take_backup: whether to take a backup first.
    :param backup_to: the backup file. By default it is written to the folder of the SQLite file,
        or to the data folder for a desk on a server.
    :param clocks: what is done about the clocks.
    :param told: called with a description of each step.
    :param progress: called with the number of tickets computed and the number of all.
    :param clock: returns the host's time (UTC), which dates the audit records.
    :raises NotPermittedError: if somebody else owns the desk.
    :raises UnavailableError: if the backup fails; nothing is changed then.
    :raises RefusedError: if the clocks are to be shown before the schema is upgraded.
    """
    database = Database(parse_url(settings.database_url))
    database.who = Actor(desk_session.system_login(), host=socket.gethostname())
    database.clock.host = clock
    try:
        found = _status(database)
        if found.schema is None:
            migrate.require_current(database)
            return _status(database)
        require_owner(database, "upgrade its database")
        if clocks is ClockStep.PREVIEW:
            if found.state != "current":
                raise RefusedError(
                    _(
                        "the clocks can be shown once the schema is this program's: run "
                        "'helpdesk db upgrade --keep-clocks' first, then '--preview'."
                    )
                )
            use_zone_in_force(database)
            return replace(found, renewal=renewal.preview(database, _now(database), progress))
        if found.state == "outdated":
            if take_backup:
                target = backup_to or path_beside(database, f"before-upgrade-from-{found.schema}")
                told(f"backup: {target}")
                backup.back_up(database, target, desk_id(database))
            rows = size.rows(database)
            seconds = size.seconds_to_upgrade(database, rows, found.schema)
            duration = _duration_words(seconds)
            told(f"upgrade of {rows:,} rows: about {duration}; agents may stay connected")
        migrate.upgrade(database, lambda step: told(f"done: {step}"))
        changed = None
        if clocks is ClockStep.RENEW:
            login = desk_session.system_login()
            use_zone_in_force(database)
            changed = renewal.renew(database, login, _now(database), progress)
        return replace(_status(database), renewal=changed)
    finally:
        database.close()


def _now(database: Database) -> datetime:
    return database.clock().replace(microsecond=0)


def desk_id(database: Database) -> str:
    """Return the id of the desk in a database; "" if it has none yet."""
    with database.read() as session:
        return people.desk_setting(session, desk_session.DESK_ID)


def path_beside(database: Database, why: str) -> Path:
    """Return where a backup goes that is taken before the desk is changed.

    It is the folder of the SQLite file; for a desk on a server, the data folder.

    :param why: what follows, as a part of the file's name; the time (UTC) is added.
    """
    at = datetime.now(UTC)
    name, ending = f"{why}-{at:%Y%m%dT%H%M%SZ}", backup.file_ending(database)
    if database.file is not None:
        begin = database.file.with_name(f"{database.file.name}-{name}")
    else:
        folder = locations.data_dir() / "backups"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        begin = folder / f"{database.url.database}-{name}"
    paths = (Path(f"{begin}{more}{ending}") for more in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in paths if not path.exists())


def _duration_words(seconds: float) -> str:
    return f"{max(1, round(seconds))} s" if seconds < 90 else f"{round(seconds / 60)} min"
