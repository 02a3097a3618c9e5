"""The columns that a ticket list can show, and the names by which people choose them."""

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import TICKET_FIELDS, in_order

#: The names of all columns, in the order in which they are offered.
COLUMNS = in_order(
    (
        *("id", "subject", "requester", "mail", "due"),
        *(field.column.name for field in TICKET_FIELDS if field.column),
    ),
    *("id", "priority", "queue", "subject", "requester", "mail", "customer", "service", "state"),
    *("kind", "channel", "tags", "created", "updated", "due", "who"),
)


def read_columns(text: str) -> tuple[str, ...]:
    """Read column names such as ``id,priority,subject``.

    An empty tuple means: as many columns as fit in the terminal.

    :raises RefusedError: if a column is unknown or named twice.
    """
    names = [part.strip().lower() for part in text.split(",") if part.strip()]
    for name in names:
        if name not in COLUMNS:
            raise RefusedError(f"{one_line(name)[:40]!r} is no column: use {', '.join(COLUMNS)}.")
        if names.count(name) > 1:
            raise RefusedError(f"the column {name} is named twice: name it once (--columns).")
    return tuple(names)
