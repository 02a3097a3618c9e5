"""Looking after the database; works also where the desk itself cannot be opened."""

from dataclasses import dataclass

from helpdesk.desk.session import OWNER, system_login
from helpdesk.desk.settings import Settings
from helpdesk.domain.errors import NotPermittedError
from helpdesk.store import people, schema_version
from helpdesk.store.database import Database
from helpdesk.store.engine import parse_url


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

    :raises UnavailableError: if it cannot be read, or is not a helpdesk database.
    """
    database = Database(parse_url(settings.database_url))
    try:
        if not database.kind.exists():
            return DatabaseStatus(database.name, None, schema_version.HEAD, "absent")
        found = schema_version.status(database)
    finally:
        database.close()
    return DatabaseStatus(database.name, found.current, found.head, _state(found))


def _state(found: schema_version.SchemaStatus) -> str:
    if found.current is None:
        return "absent"
    if not found.known:
        return "newer"
    return "current" if found.is_current else "outdated"


def upgrade(settings: Settings) -> DatabaseStatus:
    """Bring the schema to this program's version; for the desk's owner.

    :raises NotPermittedError: if somebody else owns the desk.
    """
    database = Database(parse_url(settings.database_url))
    try:
        if status(settings).schema is not None:
            with database.read() as session:
                owner = people.fact(session, OWNER)
            login = system_login()
            if owner not in ("", login):
                raise NotPermittedError(
                    f"only the desk's owner ({owner}) may upgrade its database; you are {login}."
                )
            schema_version.upgrade(database)
        else:
            schema_version.require_current(database)
    finally:
        database.close()
    return status(settings)
