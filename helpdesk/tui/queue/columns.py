"""The columns that a queue shows at a given width, and the text of their cells."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size

from helpdesk.desk.queue.column_text import due_at_text, field_text, requester_text
from helpdesk.desk.queue.views import FoldedRow, QueueRow
from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.i18n import _
from helpdesk.domain.sla.clock import OLA, ClockName
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import TICKET_FIELDS
from helpdesk.tui.text.countdown import CountdownStatus, CountdownText

#: Short names of the clocks; resolution, the usual one, needs none.
_CLOCK_TAGS: dict[str, str] = {
    ClockName.FIRST_RESPONSE: "resp",
    ClockName.NEXT_UPDATE: "upd",
    ClockName.RESOLUTION: "",
    OLA: "ola",
}
#: The widths of the countdowns, each with the least width of the terminal for it.
_DUE_WIDTHS = ((128, 26), (100, 22), (0, 18))
#: The subject is cut to make room for signs only if this many of its cells remain.
_MIN_SUBJECT_WITH_SIGNS = 8
#: From this width of the subject on, the sign that the requester wrote has a word.
_ROOMY_SUBJECT = 28


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a ticket list.

    :ivar head: the column header.
    :ivar width: in cells.
    :ivar text: returns the text of a row, without control characters.
    """

    head: str
    width: int
    text: Callable[[QueueRow], str]


def clock_tag(row: QueueRow) -> str:
    """Return the short name of the clock of a row's countdown; "" for resolution or no clock."""
    return _CLOCK_TAGS.get(row.clock.name, "") if row.clock else ""


def due_width(width: int) -> int:
    """Return the width of the countdowns on a terminal of this width, in cells."""
    return next(due for least, due in _DUE_WIDTHS if width >= least)


def fitted_due_text(row: QueueRow, shown: CountdownText, width: int) -> str:
    """Return a row's countdown, with as much of what it is about as fits; its time is never cut.

    A ticket that waits says for whom, since the sign at the start of the row says that it waits.
    A running clock that rests until support opens says until when, or else only that it rests.

    :param width: the width of the column in cells.
    """
    tag = clock_tag(row)
    time, _rest, until = shown.text.removesuffix(" ⏸").partition(" ⏸ ")
    variants = [f"{shown.text} {tag}", shown.text]
    if row.waiting_on:
        variants = _waiting_variants(time.removeprefix("⏸ ").removesuffix(" left"), row, shown)
    elif until:
        variants = [f"{time} ⏸ {until} {tag}", f"{time} ⏸ {tag}", f"{time} ⏸"]
    texts = (" ".join(text.split()) for text in variants)
    return next((text for text in texts if cell_len(text) <= width), time)


def _waiting_variants(time: str, row: QueueRow, shown: CountdownText) -> list[str]:
    tag, waiting = clock_tag(row), row.waiting_on
    if shown.status is CountdownStatus.PAUSED:
        longest = [f"{time} left · {waiting}"]
    elif shows_pause(row, shown):
        longest = [f"{time} {tag} · {waiting}"]
    else:
        longest = [f"{time} {tag} ⏸ {waiting}", f"{time} ⏸ {waiting}"]
    hours = [f"{time.rpartition(' ')[0]} {waiting}"] if time.endswith("m") else []  # not of a date
    return [*longest, f"{time} {waiting}", *hours]


def shows_pause(row: QueueRow, shown: CountdownText) -> bool:
    """Return whether the sign at the start of a row is that of a pause, not that of a danger."""
    waits_in_time = bool(row.waiting_on) and shown.status is CountdownStatus.OK
    return waits_in_time or shown.status is CountdownStatus.PAUSED


def subject_text(row: QueueRow, width: int) -> str:
    """Return the subject with the signs of what is special about the ticket.

    The subject is shortened to make room for the signs.

    :param width: the width of the column in cells.
    """
    # First, and without its word on a narrow terminal, so that it is seen beside other signs.
    wrote = [_("« wrote") if width >= _ROOMY_SUBJECT else "«"] if row.requester_wrote else []
    signs = "  ".join((*wrote, *_signs(row)))
    # Recurrence and duplicates go first, because they change how the subject is read.
    prefix = [f"⟲ {row.reappeared}"] if row.reappeared else []
    prefix += [f"= {row.duplicate_of}"] if row.duplicate_of else []
    subject = "  ".join((*prefix, one_line(row.subject)))
    if not signs:
        return subject
    room = width - cell_len(signs) - 2
    if cell_len(subject) > room >= _MIN_SUBJECT_WITH_SIGNS:
        subject = set_cell_size(subject, room - 1).rstrip() + "…"
    return f"{subject}  {signs}"


def _signs(row: QueueRow) -> list[str]:
    signs = []
    if isinstance(row, FoldedRow):
        signs.append(f"{'▾' if row.unfolded else '▸'}{row.duplicates}")
    if row.hand_overs:
        signs.append(f"↩{row.hand_overs}")
    if row.reopenings:
        signs.append(f"↻{row.reopenings}")
    if row.with_lead:
        signs.append("⚑ lead")
    if row.follow_up_at:
        at = to_local(row.follow_up_at)
        signs.append("◴ now" if row.follow_up_due else f"◴ {at:%b %d}")
    return signs


_ID = Column("ID", 9, lambda row: row.ref)
_DUE_AT = Column("Due at", 17, due_at_text)
_WHO = Column("Who", 8, lambda row: one_line(row.assignee) or "–")

#: The columns by the names that saved views use; the subject gets the remaining width.
_COLUMNS = {
    "id": _ID,
    "requester": Column("Requester", 16, requester_text),
    "mail": Column("Mail", 30, lambda row: one_line(row.requester)),
    **{
        field.column.name: Column(field.column.head, field.column.width, field_text(field))
        for field in TICKET_FIELDS
        if field.column
    },
    "who": _WHO,
    "due": _DUE_AT,
}

#: The columns after the subject, in order, each with the least width of the terminal to show it.
_AFTER_SUBJECT: tuple[tuple[int, Column], ...] = (
    (72, _COLUMNS["requester"]),
    (210, _COLUMNS["mail"]),
    (128, _COLUMNS["customer"]),
    (100, _COLUMNS["service"]),
    (148, _COLUMNS["state"]),
    (176, _COLUMNS["kind"]),
    (190, _COLUMNS["channel"]),
    (162, _COLUMNS["created"]),
    (156, _DUE_AT),
    (0, _WHO),
)
_MIN_SUBJECT = 16
#: From this width of the terminal on, names are shown in full.
_ROOMY = 100
#: The width of a requester on narrower terminals.
_SHORT_REQUESTER = 12


def layout(
    width: int, *, with_queue: bool, with_who: bool = True, id_width: int = _ID.width
) -> tuple[Column, ...]:
    """Return the columns for a width; the subject gets the remaining width.

    :param width: the width of the terminal in cells.
    :param with_queue: whether to show the queue of each ticket, for lists that mix queues.
    :param with_who: whether to show the assignee of each ticket.
    :param id_width: the width of the tickets' numbers in cells.
    """
    first = replace(_ID, width=id_width)
    before = (
        (first, _COLUMNS["priority"], _COLUMNS["queue"])
        if with_queue
        else (first, _COLUMNS["priority"])
    )
    after = [column for least, column in _AFTER_SUBJECT if width >= least]
    if width < _ROOMY and after[0] is _COLUMNS["requester"]:
        after[0] = replace(after[0], width=_SHORT_REQUESTER)
    after.pop()
    if with_who:
        after.append(replace(_WHO, width=12) if width >= _ROOMY else _WHO)
    return _with_subject(width, before, tuple(after))


def chosen_layout(width: int, names: tuple[str, ...]) -> tuple[Column, ...]:
    """Return the columns of a view in their order, leaving out those without room.

    :param width: the width of the terminal in cells.
    :param names: the names of the columns; unknown ones are ignored.
    """
    room = width - 3 - due_width(width) - _MIN_SUBJECT * ("subject" in names)
    before: list[Column] = []
    after: list[Column] = []
    target = before
    for name in names:
        if name == "subject":
            target = after
        elif name in _COLUMNS and _COLUMNS[name].width <= room:
            target.append(_COLUMNS[name])
            room -= _COLUMNS[name].width
    if "subject" not in names:
        return tuple(before)
    return _with_subject(width, tuple(before), tuple(after))


def _with_subject(
    width: int, before: tuple[Column, ...], after: tuple[Column, ...]
) -> tuple[Column, ...]:
    used = 3 + sum(column.width for column in (*before, *after)) + due_width(width)
    room = max(_MIN_SUBJECT, width - used)
    subject = Column("Subject", room, lambda row: subject_text(row, room - 1))
    return (*before, subject, *after)
