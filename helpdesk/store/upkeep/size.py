"""How large a desk is, and how long it takes to rebuild its tables."""

from sqlalchemy import func, select, table

from helpdesk.store.database import Database

#: The tables that grow; named, not mapped: an older desk may lack columns of today.
_LARGEST = ("tickets", "ticket_events", "ticket_clocks")
#: Measured with 1,000,000 tickets of SQLite on 2 busy cores; a slow disk takes longer.
_ROWS_A_SECOND = 240_000


def rows(database: Database) -> int:
    """Return how many rows the tables that grow hold."""
    with database.read(as_desk=True) as session:
        return sum(
            session.scalar(select(func.count()).select_from(table(name))) or 0 for name in _LARGEST
        )


def seconds_to_upgrade(count: int, schema: str) -> float:
    """Return about how many seconds an upgrade from a schema takes."""
    # Schema 0002 rewrites every ticket and every timeline; later ones add tables and indexes.
    return count / _ROWS_A_SECOND * (1.0 if schema < "0002" else 0.3)
