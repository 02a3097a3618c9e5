"""The text of a ticket in each column that a view may name."""

from collections.abc import Callable
from datetime import datetime
from operator import attrgetter
from typing import Any

from helpdesk.desk.queue.views import QueueRow
from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType, TicketField


def field_text(field: TicketField) -> Callable[[QueueRow], str]:
    """Return a function that reads the text of a field from a row; times are in the desk's zone."""
    value: Callable[[QueueRow], Any] = attrgetter(field.name)
    match field.field_type:
        case FieldType.TEXT | FieldType.NAME:
            return lambda row: one_line(value(row))
        case FieldType.TAGS:
            return lambda row: " ".join(value(row))
        case FieldType.TIME:
            return lambda row: _time_text(value(row))
    return lambda row: "" if value(row) is None else str(value(row))


def due_at_text(row: QueueRow) -> str:
    """Return when the row's clock is due, in the desk's zone; "" if it has none or rests."""
    return _time_text(row.clock.due_at if row.clock else None)


def requester_text(row: QueueRow) -> str:
    """Return the local part of the requester's address, or their name."""
    return one_line(row.requester).partition("@")[0] or one_line(row.requester_name)


def _time_text(at: datetime | None) -> str:
    return f"{to_local(at):%Y-%m-%d %H:%M}" if at else ""


#: The head and the text of each column, by the names in :data:`helpdesk.domain.columns.COLUMNS`.
COLUMN_TEXTS: dict[str, tuple[str, Callable[[QueueRow], str]]] = {
    "id": ("ID", lambda row: row.ref),
    "requester": ("Requester", requester_text),
    "mail": ("Mail", lambda row: one_line(row.requester)),
    **{
        field.column.name: (field.column.head, field_text(field))
        for field in TICKET_FIELDS
        if field.column
    },
    "who": ("Who", lambda row: one_line(row.assignee)),
    "due": ("Due at", due_at_text),
    "subject": ("Subject", lambda row: one_line(row.subject)),
}
