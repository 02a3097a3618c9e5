"""Measure a desk and estimate how long a schema upgrade takes."""

from sqlalchemy import func, select, table

from helpdesk.store.database.database import Database

#: The tables that grow; named instead of mapped, because an older desk may lack newer columns.
_LARGEST = ("tickets", "ticket_events", "ticket_clocks")
#: Measured with 1,000,000 tickets on 2 cores (``tests/bench/bench_upgrade.py``); a slow disk takes
#: longer.  PostgreSQL writes each changed row twice: to the table and to its log.
_SQLITE_ROWS_PER_SECOND = 240_000
_POSTGRESQL_ROWS_PER_SECOND = 90_000
#: For the baseline of the audit trail (migration 0012), on both engines.
_BASELINE_ROWS_PER_SECOND = 35_000
#: For the columns that schema 0013 added, whose values are put on record, on both engines.
_ADDED_ROWS_PER_SECOND = 500_000


def rows(database: Database) -> int:
    """Return the number of rows of the largest tables."""
    with database.read(as_desk=True) as session:
        return sum(
            session.scalar(select(func.count()).select_from(table(name))) or 0 for name in _LARGEST
        )


def seconds_to_upgrade(database: Database, count: int, schema: str) -> float:
    """Estimate how many seconds an upgrade takes.

    :param count: the number of rows, as :func:`rows` counts them.
    :param schema: the schema version before the upgrade.
    """
    pace = _POSTGRESQL_ROWS_PER_SECOND if database.file is None else _SQLITE_ROWS_PER_SECOND
    # Migration 0002 rewrites all tickets and timelines; later ones add tables and indexes.
    seconds = count / pace * (1.0 if schema < "0002" else 0.3)
    if schema < "0012":
        return seconds + count / _BASELINE_ROWS_PER_SECOND
    return seconds + (count / _ADDED_ROWS_PER_SECOND if schema < "0013" else 0.0)
