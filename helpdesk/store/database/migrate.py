"""Check the schema version when a database is opened, and migrate it.

The check is one cheap read; Alembic is imported only when a migration is due.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import URL, Connection, inspect

from helpdesk.domain.errors import AbsentDatabaseError, UnavailableError
from helpdesk.locations import shipped_folder
from helpdesk.store.database import known_desks
from helpdesk.store.database.database import Database
from helpdesk.store.database.schema_version import HEAD, QUERY

#: How many missing tables and columns a message names.
_MAX_NAMED = 5
#: The schema version with which audit records began to prove rows.
_PROVES_ROWS = "0012"
_RESTORE = "put the newest backup in its place: helpdesk db restore BACKUP --replace"


def open_database(url: URL) -> Database:
    """Open a desk's database; create it if there is none yet.

    If nothing can be written (a full disk, for example), it is opened for reading.

    :raises UnavailableError: if it cannot be used: read-only, locked, damaged, of a newer or
        older version, or not a helpdesk database.
    """
    database = Database(url)
    try:
        try:
            require_current(database)
        except UnavailableError as error:
            if not database.open_for_reading(error.__cause__):
                raise
            require_current(database)
        database.backend.checks_schema = True
    except BaseException:
        database.close()
        raise
    return database


@dataclass(frozen=True, slots=True)
class SchemaStatus:
    """The schema version of a database, compared with this program's.

    :ivar current: the database's version; None if it has no tables.
    :ivar head: this program's version.
    :ivar known: whether this program has the database's migration; if not, it is newer.
    """

    current: str | None
    head: str
    known: bool

    @property
    def is_current(self) -> bool:
        """Whether the database has this program's schema."""
        return self.current == self.head


def existing_status(database: Database) -> SchemaStatus | None:
    """Read the schema version; None if there is no database yet.

    :raises UnavailableError: if the database belongs to another program, or if there is no desk
        where one is known.
    """
    known = known_desks.find(database.url)  # before looking: it may be created just now
    if not database.backend.exists():
        known_desks.require_not_missing(database.url, known)
        return None
    try:
        schema = status(database)
    except AbsentDatabaseError:
        known_desks.require_not_missing(database.url, known)
        raise
    if schema.current is None:
        known_desks.require_not_missing(database.url, known)
    return schema


def status(database: Database) -> SchemaStatus:
    """Read the schema version.

    :raises UnavailableError: if the database belongs to another program.
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


def require_complete(database: Database) -> None:
    """Check that every mapped table and column exists in a database of this program's schema.

    This is not done when a desk is opened: ``helpdesk db status`` does it.

    :raises UnavailableError: if a table or column is missing.
    """
    from helpdesk.store.models import Base  # imported here: opening a desk does not need it

    missing = []
    with database.read() as session:
        inspector = inspect(session.connection())
        existing = set(inspector.get_table_names())
        for table in Base.metadata.sorted_tables:
            if table.name not in existing:
                missing.append(table.name)
                continue
            columns = {column["name"] for column in inspector.get_columns(table.name)}
            missing += [
                f"{table.name}.{column.name}" for column in table.c if column.name not in columns
            ]
    if missing:
        more = f" and {len(missing) - _MAX_NAMED} more" if len(missing) > _MAX_NAMED else ""
        raise UnavailableError(
            f"the database {database.name} is half migrated: it names schema {HEAD} and lacks "
            f"{', '.join(missing[:_MAX_NAMED])}{more}; {_RESTORE}."
        )


def require_current(database: Database) -> None:
    """Check that the schema is this program's; create it in a new database.

    :raises UnavailableError: if it is newer, older, or of another program, or if there is no desk
        where one is known.
    """
    schema = existing_status(database)
    if schema is None:
        database.backend.prepare()
        upgrade(database)
    elif schema.current is None:
        upgrade(database)
    elif not schema.known:
        raise UnavailableError(
            f"the database {database.name} was made by a newer helpdesk (schema {schema.current}, "
            f"this program knows {HEAD}): upgrade this program."
        )
    elif not schema.is_current:
        raise UnavailableError(
            f"the database {database.name} has schema {schema.current}, this program needs {HEAD}: "
            "run 'helpdesk db upgrade'."
        )


def upgrade(database: Database, progress: Callable[[str], None] = lambda _: None) -> SchemaStatus:
    """Migrate the schema to this program's version, in one transaction.

    If two programs start on a new desk at once, the second waits and finds the schema created.

    :param progress: called with the description of each migration that is done.
    :raises UnavailableError: if the database is of a newer version, or of another program.
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
            if before.current is not None and before.current < _PROVES_ROWS:
                _write_baseline(database, connection, progress)
            elif before.current is not None:
                _prove_added_columns(database, connection, before.current)
        return _status(connection, database.name)


def _write_baseline(
    database: Database, connection: Connection, progress: Callable[[str], None]
) -> None:
    from helpdesk.store.database import audit_baseline  # needed for upgrades only

    rows = audit_baseline.write(connection, database.clock(), database.who)
    progress(f"the audit trail has a baseline of {rows:,} rows")


def _prove_added_columns(database: Database, connection: Connection, before: str) -> None:
    from helpdesk.store.database import audit_baseline  # needed for upgrades only

    audit_baseline.write_added(connection, database.clock(), database.who, before)


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
    # Imported here because importing Alembic takes a quarter of a second.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["progress"] = progress
    command.upgrade(config, "head")
