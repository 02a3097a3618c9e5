"""How a sentence names a row of the database: its table, and a number or name that people know."""

from collections.abc import Mapping
from typing import Any

from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.store.database.audited_tables import AuditedTable, key_words
from helpdesk.store.models import Ticket, TicketEvent

#: The columns by which people know a row, the first that is there.
_NAMES = ("login", "mail", "name", "label")


def row_name(table: AuditedTable, row: Mapping[str, Any]) -> str:
    """Return how a sentence names a row.

    :param row: its values by column, at least those of its key.
    """
    key = key_words(one_line(str(row[name]))[:60] for name in table.keys)
    if table.name == Ticket.__tablename__:
        return f"{table.name} {ref(row['id'])}"
    if table.name == TicketEvent.__tablename__:
        of = f" of {ref(row['ticket_id'])}" if "ticket_id" in row else ""
        return f"{table.name}, entry {key}{of}"
    if isinstance(row.get("ticket_id"), int):
        rest = key_words(
            one_line(str(row[name]))[:60] for name in table.keys if name != "ticket_id"
        )
        return f"{table.name} {rest} of {ref(row['ticket_id'])}" if rest else (
            f"{table.name} of {ref(row['ticket_id'])}"
        )  # fmt: skip
    known = next((str(row[name]) for name in _NAMES if row.get(name)), "")
    if known and known != key:
        return f"{table.name} {one_line(known)[:60]} ({key})"
    return f"{table.name} {key}"
