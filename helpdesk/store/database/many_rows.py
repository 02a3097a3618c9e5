"""Insert many rows of a table at once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from helpdesk.store.models import Base


def insert_rows(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, given as dicts by column name; faster than one mapped object per row."""
    if rows:
        session.execute(insert(table), rows)
