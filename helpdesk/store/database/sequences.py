"""The numbers that new rows get, after rows were written with numbers of their own."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from helpdesk.store.models import Base


def count_on(session: Session) -> None:
    """Let new rows of all tables be counted from where the present ones end.

    SQLite does so by itself; a sequence of PostgreSQL must be told.
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
