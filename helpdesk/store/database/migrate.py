"""Open a database whose schema is this program's, and bring a schema to this program's version.

The check is one cheap read; Alembic is imported only when a migration is due.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import URL, Connection, inspect

from helpdesk.domain.errors import UnavailableError
from helpdesk.locations import shipped
from helpdesk.store.database.database import Database
from helpdesk.store.database.schema_version import HEAD, QUERY

_NAMED = 5
_RESTORE = "put the newest backup in its place: helpdesk db restore BACKUP --replace"


def open_database(url: URL) -> Database:
    """Open a desk's database, creating and setting it up if there is none yet.

    :raises UnavailableError: if it cannot be used: read-only, locked, damaged, of a newer or
        older version, or not a helpdesk database.
    """
    database = Database(url)
    try:
        require_current(database)
        database.kind.watches_schema = True
    except BaseException:
        database.close()
        raise
    return database


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """``current`` is None for a database without tables; ``known`` tells whether this program
    has the migration that the database names."""

    current: str | None
    head: str
    known: bool

    @property
    def is_current(self) -> bool:
        """Whether nothing is to be done."""
        return self.current == self.head


def status(database: Database) -> SchemaStatus:
    """Read the schema's version.

    :raises UnavailableError: if it is a database of something else.
    """
    with database.read() as session:
        return _status(session.connection(), database.name)


def _status(connection: Connection, name: str) -> SchemaStatus:
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return SchemaStatus(None, HEAD, known=True)
    if "alembic_version" not in tables or "desk_facts" not in tables:
        raise UnavailableError(
            f"the database {name} belongs to another program: it has tables, but not those of a "
            "help desk; name another file with --db."
        )
    versions = sorted(connection.exec_driver_sql(QUERY).scalars())
    if len(versions) != 1:
        names = f"the schemas {' and '.join(versions)}" if versions else "no schema"
        raise UnavailableError(
            f"the database {name} is half migrated: it names {names}; {_RESTORE}."
        )
    current = versions[0]
    return SchemaStatus(current, HEAD, known=current <= HEAD)


def require_whole(database: Database) -> None:
    """See that every table and column is there that the program maps, if the schema is its own.

    Opening a desk does not look: who changes tables by hand finds out by ``helpdesk db status``.

    :raises UnavailableError: if something is missing.
    """
    from helpdesk.store.models import Base  # opening a desk needs no list of all tables

    missing = []
    with database.read() as session:
        look = inspect(session.connection())
        there = set(look.get_table_names())
        for table in Base.metadata.sorted_tables:
            if table.name not in there:
                missing.append(table.name)
                continue
            columns = {column["name"] for column in look.get_columns(table.name)}
            missing += [f"{table.name}.{one.name}" for one in table.c if one.name not in columns]
    if missing:
        more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
        raise UnavailableError(
            f"the database {database.name} is half migrated: it names schema {HEAD} and lacks "
            f"{', '.join(missing[:_NAMED])}{more}; {_RESTORE}."
        )


def require_current(database: Database) -> None:
    """See that the schema is this program's, creating it in a new database.

    :raises UnavailableError: if it is newer, older, or not ours.
    """
    if not database.kind.exists():
        database.kind.prepare()
        upgrade(database)
        return
    found = status(database)
    if found.current is None:
        upgrade(database)
    elif not found.known:
        raise UnavailableError(
            f"the database {database.name} was made by a newer helpdesk (schema {found.current}, "
            f"this program knows {HEAD}): upgrade this program."
        )
    elif not found.is_current:
        raise UnavailableError(
            f"the database {database.name} has schema {found.current}, this program needs {HEAD}: "
            "run 'helpdesk db upgrade'."
        )


def upgrade(
    database: Database, progress: Callable[[str], None] = lambda step: None
) -> SchemaStatus:
    """Bring the schema to this program's version, in one transaction.

    :param progress: is told each step that is done, by the name of its migration.

    Two programs may start on a new desk at once: the second waits and finds it done.
    """
    with database.restructure() as connection:
        before = _status(connection, database.name)
        if not before.known:
            raise UnavailableError(
                f"the database {database.name} was made by a newer helpdesk: "
                "upgrade this program instead."
            )
        if before.current is None:
            _require_encoding(connection, database.name)
        if not before.is_current:
            _run_migrations(connection, progress)
        return _status(connection, database.name)


def _require_encoding(connection: Connection, name: str) -> None:
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar()
    if encoding != "UTF8":
        raise UnavailableError(
            f"the database {name} has the encoding {encoding}, which cannot hold every name: make "
            "one with createdb --encoding=UTF8 --template=template0."
        )


def _run_migrations(connection: Connection, progress: Callable[[str], None]) -> None:
    # Alembic takes a quarter of a second to import: only a migration that is due pays for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["progress"] = progress
    command.upgrade(config, "head")
