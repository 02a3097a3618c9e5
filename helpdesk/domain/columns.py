"""The columns that a list of tickets can show, by the names that people choose them by."""

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import TICKET_FIELDS, in_order

#: In the order in which they are offered.
COLUMNS = in_order(
    (
        *("id", "subject", "requester", "mail"),
        *(field.column.name for field in TICKET_FIELDS if field.column),
    ),
    *("id", "priority", "queue", "subject", "requester", "mail", "customer", "service", "state"),
    *("kind", "channel", "tags", "created", "updated", "who"),
)


def read_columns(text: str) -> tuple[str, ...]:
    """Read ``id,priority,subject``; empty: as many as the terminal has room for.

    :raises RefusedError: if one is not known or named twice.
    """
    names = [part.strip().lower() for part in text.split(",") if part.strip()]
    for name in names:
        if name not in COLUMNS:
            raise RefusedError(f"{one_line(name)[:40]!r} is no column: use {', '.join(COLUMNS)}.")
        if names.count(name) > 1:
            raise RefusedError(f"the column {name} is named twice.")
    return tuple(names)
