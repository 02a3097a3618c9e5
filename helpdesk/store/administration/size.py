"""How large a desk is, and how long it takes to rebuild its tables."""

from sqlalchemy import func, select, table

from helpdesk.store.database.database import Database

#: The tables that grow; named, not mapped: an older desk may lack columns of today.
_LARGEST = ("tickets", "ticket_events", "ticket_clocks")
#: Measured with 1,000,000 tickets on 2 cores (``tests/bench/bench_upgrade.py``); a slow disk takes
#: longer. PostgreSQL writes each rewritten row anew, and to its log.
_SQLITE_ROWS_A_SECOND = 240_000
_POSTGRESQL_ROWS_A_SECOND = 90_000


def rows(database: Database) -> int:
    """Return how many rows the tables that grow hold."""
    with database.read(as_desk=True) as session:
        return sum(
            session.scalar(select(func.count()).select_from(table(name))) or 0 for name in _LARGEST
        )


def seconds_to_upgrade(database: Database, count: int, schema: str) -> float:
    """Return about how many seconds an upgrade of so many rows from a schema takes."""
    pace = _POSTGRESQL_ROWS_A_SECOND if database.file is None else _SQLITE_ROWS_A_SECOND
    # Schema 0002 rewrites every ticket and every timeline; later ones add tables and indexes.
    return count / pace * (1.0 if schema < "0002" else 0.3)
