"""Which columns a queue shows at a width, and what stands in them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from rich.cells import cell_len, set_cell_size

from helpdesk.desk.queue.views import QueueRow
from helpdesk.domain.sla.clock import OLA, ClockName
from helpdesk.domain.text import one_line

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


_ID = Column("ID", 9, lambda row: row.ref)
_PRIORITY = Column("P", 3, lambda row: row.priority)
_QUEUE = Column("Q", 3, lambda row: row.queue)
_WHO = Column("Who", 8, lambda row: one_line(row.assignee) or "–")
_SERVICE = Column("Service", 13, lambda row: one_line(row.service))
_REQUESTER = Column("Requester", 16, _requester)
_CUSTOMER = Column("Customer", 20, lambda row: one_line(row.customer))
_STATE = Column("State", 9, lambda row: row.state)
_KIND = Column("Kind", 9, lambda row: row.kind)
_CHANNEL = Column("Channel", 9, lambda row: row.channel)
_LOGGED = Column("Logged", 14, lambda row: f"{row.created_at.astimezone():%b %d %H:%M}")
_MAIL = Column("Mail", 30, lambda row: one_line(row.requester))

_TAGS = Column("Tags", 16, lambda row: " ".join(row.tags))
_UPDATED = Column("Changed", 14, lambda row: f"{row.updated_at.astimezone():%b %d %H:%M}")

#: By the names that saved views use; the subject takes what the others leave.
_NAMED = {
    "id": _ID, "priority": _PRIORITY, "queue": _QUEUE, "requester": _REQUESTER, "mail": _MAIL,
    "customer": _CUSTOMER, "service": _SERVICE, "state": _STATE, "kind": _KIND,
    "channel": _CHANNEL, "tags": _TAGS, "created": _LOGGED, "updated": _UPDATED, "who": _WHO,
}  # fmt: skip

#: From which width of the terminal on a column is shown, in their order after the subject.
_AFTER_SUBJECT: tuple[tuple[int, Column], ...] = (
    (88, _REQUESTER),
    (210, _MAIL),
    (128, _CUSTOMER),
    (72, _SERVICE),
    (148, _STATE),
    (176, _KIND),
    (190, _CHANNEL),
    (162, _LOGGED),
    (0, _WHO),
)
_SMALLEST_SUBJECT = 16
#: From this width on logins are shown whole.
_ROOMY = 100


def layout(width: int, *, with_queue: bool) -> tuple[Column, ...]:
    """Return the columns for a width; the subject takes what the others leave.

    :param with_queue: the list mixes queues, so each row names its own.
    """
    before = (_ID, _PRIORITY, _QUEUE) if with_queue else (_ID, _PRIORITY)
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
