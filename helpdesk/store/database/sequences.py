"""Set the sequences of row numbers after rows were inserted with given numbers."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpdesk.store.models import Base


def advance_sequences(session: Session) -> None:
    """Make the numbers of new rows follow the highest existing number, in every table.

    SQLite does this by itself; PostgreSQL's sequences must be set.
    """
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and not column.foreign_keys:
            last = connection.execute(select(func.max(column))).scalar()
            if last:
                connection.execute(
                    text("SELECT setval(pg_get_serial_sequence(:table, :column), :last)"),
                    {"table": table.name, "column": column.name, "last": last},
                )
