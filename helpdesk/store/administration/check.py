"""Check a database for damage: its pages, indexes and foreign keys."""

from collections.abc import Iterator

from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.orm import Session

from helpdesk.domain.i18n import n_
from helpdesk.store.models import Base


def integrity(session: Session) -> list[str]:
    """Return the engine's messages about damage; an empty list if there is none."""
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        messages = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check(20)")]
        return [] if messages == ["ok"] else messages
    return [*_unreadable(connection), *_invalid(connection)]


def broken_references(session: Session) -> list[str]:
    """Return a sentence for each foreign key that refers to missing rows."""
    return [
        n_(
            "{table}.{column} names {n} row of {other} that is not there",
            "{table}.{column} names {n} rows of {other} that are not there",
            count,
        ).format(table=table.name, column=column, n=count, other=other)
        for table, column, other, count in _dangling(session)
    ]


def _unreadable(connection: Connection) -> Iterator[str]:
    # Reading every row makes the server verify the checksums of all data pages.
    for table in Base.metadata.sorted_tables:
        try:
            connection.execute(select(func.count()).select_from(table)).scalar()
        except Exception as error:
            yield f"{table.name}: {str(error).splitlines()[0]}"
            return


def _invalid(connection: Connection) -> Iterator[str]:
    statement = text(
        "SELECT 'index ' || indexrelid::regclass FROM pg_index WHERE NOT indisvalid"
        " UNION ALL SELECT 'constraint ' || conname FROM pg_constraint WHERE NOT convalidated"
    )
    for row in connection.execute(statement):
        yield f"{row[0]} is not valid"


def _dangling(session: Session) -> Iterator[tuple[Table, str, str, int]]:
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table.alias("target")
            missing = session.scalar(
                select(func.count())
                .select_from(table)
                .outerjoin(target, key.parent == target.c[key.column.name])
                .where(key.parent.is_not(None), target.c[key.column.name].is_(None))
            )
            if missing:
                yield table, key.parent.name, key.column.table.name, missing
