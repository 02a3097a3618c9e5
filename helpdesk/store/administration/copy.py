"""Copy a desk to another database, of the same or the other engine."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, Row, Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from helpdesk.domain.errors import RefusedError, UnavailableError
from helpdesk.store.database import migrate
from helpdesk.store.database.database import Database
from helpdesk.store.database.sequences import advance_sequences
from helpdesk.store.models import Base

#: How many rows are copied at a time.
_CHUNK = 2_000

#: Called with the number of rows that are done and the number of all rows.
Progress = Callable[[int, int], None]


def copy_all(source: Session, target: Database, progress: Progress) -> dict[str, int]:
    """Copy every row of a desk into a new database, then compare both row by row.

    It copies the state at the beginning of the source's transaction.  Each row counts twice in the
    progress: when it is copied and when it is compared.

    :param target: a database without a desk; its tables are created.
    :returns: the number of rows by table.
    :raises RefusedError: if the target holds a desk.
    :raises UnavailableError: if a copied row differs from the original; then nothing is stored.
    """
    if not target.backend.exists():
        target.backend.prepare()
    migrate.upgrade(target)
    tables = Base.metadata.sorted_tables
    counts = {
        table.name: source.scalar(select(func.count()).select_from(table)) or 0 for table in tables
    }
    done, total = 0, 2 * sum(counts.values())
    with target.write() as session:
        connection = session.connection()
        _require_empty(connection, target.name)
        for table in tables:
            own = _own_references(table)
            referring: list[dict[str, Any]] = []
            for rows in _chunks(source, table):
                values = [row._asdict() for row in rows]
                referring += [one for one in values if any(one[name] is not None for name in own)]
                without = dict.fromkeys(own)
                connection.execute(insert(table), [{**one, **without} for one in values])
                progress(done := done + len(rows), total)
            _refer(connection, table, own, referring)
        advance_sequences(session)
        for table in tables:
            for ours, theirs in zip_longest(
                _chunks(source, table), _chunks(session, table), fillvalue=()
            ):
                if ours != theirs:
                    raise UnavailableError(
                        f"the rows of {table.name} in {target.name} differ from the originals: "
                        "nothing was stored there."
                    )
                progress(done := done + len(ours), total)
    return counts


def _chunks(session: Session, table: Table) -> Iterator[Sequence[Row[*tuple[Any, ...]]]]:
    """Yield all rows in the order of the primary key, text keys in byte order on both engines."""
    postgresql = session.connection().dialect.name == "postgresql"
    keys = [
        column.collate("C") if postgresql and issubclass(column.type.python_type, str) else column
        for column in table.primary_key
    ]
    result = session.connection().execute(
        select(table).order_by(*keys), execution_options={"yield_per": _CHUNK}
    )
    yield from (list(part) for part in result.partitions(_CHUNK))


def _own_references(table: Table) -> tuple[str, ...]:
    """Return the columns that name other rows of the table itself, also later ones."""
    return tuple(
        column.name
        for column in table.columns
        if any(key.column.table is table for key in column.foreign_keys)
    )


def _refer(
    connection: Connection, table: Table, own: Sequence[str], rows: list[dict[str, Any]]
) -> None:
    """Let copied rows name other rows of their table, now that all of these are there.

    :param own: the columns that do so.
    """
    if rows:
        keys = [column == bindparam(f"key_{column.name}") for column in table.primary_key]
        statement = update(table).where(*keys).values({name: bindparam(name) for name in own})
        names = [column.name for column in table.primary_key]
        connection.execute(
            statement,
            [
                {name: row[name] for name in own} | {f"key_{name}": row[name] for name in names}
                for row in rows
            ],
        )


def _require_empty(connection: Connection, name: str) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(text("1")).select_from(table).limit(1)).first():
            raise RefusedError(f"{name} holds a desk already: name a new database with --to.")
