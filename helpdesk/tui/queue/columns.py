"""Which columns a queue shows at a width, and what stands in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from rich.cells import cell_len, set_cell_size

from helpdesk.desk.queue.views import QueueRow
from helpdesk.domain.sla.clock import OLA, ClockName
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType, TicketField

#: The clocks in a few cells; the usual one needs no name.
_CLOCK_TAGS: dict[str, str] = {
    ClockName.FIRST_RESPONSE: "resp",
    ClockName.NEXT_UPDATE: "upd",
    ClockName.RESOLUTION: "",
    OLA: "ola",
}
COUNTDOWN_WIDTH = 20
#: Signs push the subject aside only where so much of it is left.
_SUBJECT_BESIDE_SIGNS = 8


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its width, and the text of a row in it (outside text made inert)."""

    head: str
    width: int
    text: Callable[[QueueRow], str]


def clock_tag(row: QueueRow) -> str:
    """Return which clock a row's countdown is of; nothing for the usual one, resolution."""
    return _CLOCK_TAGS.get(row.clock.name, "") if row.clock else ""


def subject_text(row: QueueRow, width: int) -> str:
    """Return the subject with what is special about the ticket, for which it makes room."""
    signs = "  ".join(_signs(row))
    # What changes how one reads the subject stands before it.
    first = [f"⟲ {row.reappeared}"] if row.reappeared else []
    first += [f"= {row.duplicate_of}"] if row.duplicate_of else []
    subject = "  ".join((*first, one_line(row.subject)))
    if not signs:
        return subject
    room = width - cell_len(signs) - 2
    if cell_len(subject) > room >= _SUBJECT_BESIDE_SIGNS:
        subject = set_cell_size(subject, room - 1).rstrip() + "…"
    return f"{subject}  {signs}"


def _signs(row: QueueRow) -> list[str]:
    signs = []
    if row.hand_overs:
        signs.append(f"↩{row.hand_overs}")
    if row.reopenings:
        signs.append(f"↻{row.reopenings}")
    if row.with_lead:
        signs.append("⚑ lead")
    if row.waiting_on:
        signs.append(f"⏸ {row.waiting_on}")
    if row.follow_up_at:
        at = row.follow_up_at.astimezone()
        signs.append("◴ now" if row.follow_up_due else f"◴ {at:%b %d}")
    return signs


def _requester(row: QueueRow) -> str:
    return one_line(row.requester).partition("@")[0]


def _text(field: TicketField) -> Callable[[QueueRow], str]:
    """Return what reads the text of a field from a row."""
    value: Callable[[QueueRow], Any] = attrgetter(field.name)
    match field.field_type:
        case FieldType.TEXT | FieldType.NAME:
            return lambda row: one_line(value(row))
        case FieldType.TAGS:
            return lambda row: " ".join(value(row))
        case FieldType.TIME:
            return lambda row: f"{value(row).astimezone():%b %d %H:%M}" if value(row) else ""
    return lambda row: "" if value(row) is None else str(value(row))


_ID = Column("ID", 9, lambda row: row.ref)
_WHO = Column("Who", 8, lambda row: one_line(row.assignee) or "–")

#: By the names that saved views use; the subject takes what the others leave.
_NAMED = {
    "id": _ID,
    "requester": Column("Requester", 16, _requester),
    "mail": Column("Mail", 30, lambda row: one_line(row.requester)),
    **{
        field.column.name: Column(field.column.head, field.column.width, _text(field))
        for field in TICKET_FIELDS
        if field.column
    },
    "who": _WHO,
}

#: From which width of the terminal on a column is shown, in their order after the subject.
_AFTER_SUBJECT: tuple[tuple[int, Column], ...] = (
    (88, _NAMED["requester"]),
    (210, _NAMED["mail"]),
    (128, _NAMED["customer"]),
    (72, _NAMED["service"]),
    (148, _NAMED["state"]),
    (176, _NAMED["kind"]),
    (190, _NAMED["channel"]),
    (162, _NAMED["created"]),
    (0, _WHO),
)
_SMALLEST_SUBJECT = 16
#: From this width on logins are shown whole.
_ROOMY = 100


def layout(width: int, *, with_queue: bool) -> tuple[Column, ...]:
    """Return the columns for a width; the subject takes what the others leave.

    :param with_queue: the list mixes queues, so each row names its own.
    """
    before = (_ID, _NAMED["priority"], _NAMED["queue"]) if with_queue else (_ID, _NAMED["priority"])
    after = tuple(column for least, column in _AFTER_SUBJECT if width >= least)
    if width >= _ROOMY:
        after = (*after[:-1], replace(_WHO, width=12))
    return _with_subject(width, before, after)


def chosen_layout(width: int, names: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of a view in its order, as far as there is room for them."""
    room = width - 3 - COUNTDOWN_WIDTH - _SMALLEST_SUBJECT * ("subject" in names)
    before: list[Column] = []
    after: list[Column] = []
    where = before
    for name in names:
        if name == "subject":
            where = after
        elif name in _NAMED and _NAMED[name].width <= room:
            where.append(_NAMED[name])
            room -= _NAMED[name].width
    if "subject" not in names:
        return tuple(before)
    return _with_subject(width, tuple(before), tuple(after))


def _with_subject(
    width: int, before: tuple[Column, ...], after: tuple[Column, ...]
) -> tuple[Column, ...]:
    taken = 3 + sum(column.width for column in (*before, *after)) + COUNTDOWN_WIDTH
    room = max(_SMALLEST_SUBJECT, width - taken)
    subject = Column("Subject", room, lambda row: subject_text(row, room - 1))
    return (*before, subject, *after)
