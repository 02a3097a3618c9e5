"""A ticket as text for people."""

from collections.abc import Iterator

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import EventView, TicketView
from helpdesk.domain import desk_zone
from helpdesk.domain.desk_zone import local_time_text
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.entry_words import entry_words
from helpdesk.domain.escalation import HandOverPart
from helpdesk.domain.i18n import _, n_
from helpdesk.domain.sla.clock import OLA, ClockStanding, ClockState, clock_title
from helpdesk.domain.sla.duration import duration_text
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import FACTS
from helpdesk.domain.time_spent import minutes_text

_TEXT_LINES = 200
_PARTS = tuple(HandOverPart)


def ticket_text(ticket: TicketView, *, whole: bool = False) -> str:
    """Return everything about a ticket as lines of text.

    :param whole: do not cut long texts.
    """
    return "\n".join(_lines(ticket, None if whole else _TEXT_LINES))


def _lines(ticket: TicketView, most: int | None) -> Iterator[str]:
    yield f"{ticket.ref}  {ticket.subject}"
    if ticket.merged_into:
        yield _("merged into {other}, which goes on").format(other=ticket.merged_into)
    yield from _facts(ticket)
    yield from _notes(ticket)
    yield from _person(ticket)
    yield from _history(ticket)
    yield from _clocks(ticket)
    yield from _links(ticket)
    yield ""
    if ticket.body:
        yield from _indented(ticket.body, most)
        yield ""
    for event in ticket.events:
        yield from _event_lines(event, most)


def _facts(ticket: TicketView) -> Iterator[str]:
    """Yield the lines that are printed for every ticket."""
    waits = f", waits for {ticket.waiting_on}" if ticket.waiting_on else ""
    yield f"{ticket.kind}, {ticket.state}, {ticket.queue}, {ticket.priority}{waits}"
    requester = _requester(ticket.requester) if ticket.requester else "-"
    customer, service = ticket.customer or "-", ticket.service or "-"
    yield f"requester {requester}   customer {customer}   service {service}"
    facts = [
        f"{field.label.lower()} {getattr(ticket, field.name)}"
        for field in FACTS
        if getattr(ticket, field.name)
    ]
    parts = (f"assignee {ticket.assignee or '-'}", *facts, f"version {ticket.version}")
    yield "   ".join(parts)
    yield (
        f"policy {ticket.policy} (version {ticket.policy_version}), "
        f"support hours {ticket.support_hours}"
    )
    yield f"all times in {desk_zone.name()}"


def _requester(person: PersonView) -> str:
    return person.mail or f"{person.name} ({person.ref})"


def _person(ticket: TicketView) -> Iterator[str]:
    """Yield the lines about the requester, and the notes on them and on their customer."""
    person = ticket.requester
    if person is None:
        return
    known = {name: getattr(person, name) for name in ("phone", "room", "device", "language")}
    parts = [f"{name} {value}" for name, value in known.items() if value]
    parts += ["VIP"] if person.vip else []
    if parts:
        yield "   ".join(parts)
    for what, note in ((person.name, person.note), (person.customer, person.customer_note)):
        if note:
            yield from _indented(f"note on {what}: {note}")


def _notes(ticket: TicketView) -> Iterator[str]:
    """Yield the lines that are printed only if they apply: time spent, tags, and so on."""
    if ticket.minutes or ticket.billable_minutes:
        billable = minutes_text(ticket.billable_minutes)
        yield f"time spent {minutes_text(ticket.minutes)}, {billable} of it billable"
    if ticket.tags:
        yield f"tags {' '.join(ticket.tags)}"
    if ticket.with_lead_since is not None:
        yield f"with the lead since {local_time_text(ticket.with_lead_since)}"
    if ticket.reappeared is not None:
        yield ticket.reappeared.sentence
    for person in ticket.further_requesters:
        yield f"also requested by {_requester(person)}"


def _clocks(ticket: TicketView) -> Iterator[str]:
    clocks = [(clock_title(clock.name), clock) for clock in ticket.clocks]
    if ticket.level_clock is not None:
        clocks.append((clock_title(OLA, ticket.queue), ticket.level_clock))
    for title, clock in clocks:
        yield f"  {title:15} {_due_text(clock)}{clock_text(clock)}"


def _due_text(clock: ClockView) -> str:
    """Return when an open clock is due, or when it was met; "" if it is neither."""
    if clock.open and clock.standing is ClockStanding.IN_FORCE:
        return f"due {local_time_text(clock.due_at)}  "
    if not clock.open and clock.met_at is not None:
        return f"at {local_time_text(clock.met_at)}  "
    return ""


def _links(ticket: TicketView) -> Iterator[str]:
    for link in ticket.links:
        yield f"  {link.words}: {link.ref} ({link.state}) {link.subject}"
    for article in ticket.articles:
        yield f"  article: {article}"


def _history(ticket: TicketView) -> Iterator[str]:
    """Yield the follow-up date, hand-overs, reopenings and watchers."""
    if ticket.follow_up_at is not None:
        yield f"follow-up: {local_time_text(ticket.follow_up_at)}"
    if ticket.hand_overs:
        at = ", ".join(
            f"{stay.level} {duration_text(stay.wall_s)}"
            + (f" in {stay.visits} visits" if stay.visits > 1 else "")
            for stay in ticket.stays
        )
        times = n_("handed over once", "handed over {count} times", ticket.hand_overs)
        back = _(", {count} of them back").format(count=ticket.returns) if ticket.returns else ""
        yield f"{times.format(count=ticket.hand_overs)}{back}: {at}"
    if ticket.reopenings:
        times = n_("reopened once", "reopened {count} times", ticket.reopenings)
        yield times.format(count=ticket.reopenings)
    if ticket.watchers:
        yield f"watched by {', '.join(ticket.watchers)}"


def _event_lines(event: EventView, most: int | None) -> Iterator[str]:
    words = entry_words(
        event.type,
        event.data,
        actor=event.actor,
        at=event.at,
        time_text=lambda at, _entry: local_time_text(at),
    )
    internal = "" if event.public or not event.text else " (internal)"
    no_actor = event.type.is_alarm or event.type is EntryType.BROUGHT
    who = "" if no_actor else f"{one_line(event.actor)} "
    yield f"{local_time_text(event.at)}  {who}{words}{internal}"
    for part in _PARTS:
        if event.data.get(part):
            yield from _indented(f"{part}: {event.data[part]}", most)
    if event.text:
        yield from _indented(event.text, most)


def _indented(text: str, most: int | None = _TEXT_LINES) -> Iterator[str]:
    """Yield the lines of a text, indented so that none can look like a line of the program."""
    lines = text.splitlines()
    yield from (f"    {line}" for line in lines[:most])
    if most is not None and (left := len(lines) - most) > 0:
        more = n_(
            "… {left:,} more line (--full shows all)",
            "… {left:,} more lines (--full shows all)",
            left,
        )
        yield more.format(left=left)


def clock_text(clock: ClockView) -> str:
    """Return the state of a clock in a few words, such as ``3h 10m left``."""
    if clock.standing is ClockStanding.WITHDRAWN:
        return _("breached, withdrawn")
    if clock.open and clock.standing is ClockStanding.NOT_STARTED:
        once = f"{_('breached once')}, " if clock.state is ClockState.BREACHED else ""
        return once + _("starts with the first reply")
    if not clock.open:
        late = clock.state is ClockState.BREACHED and clock.met_at is not None
        return "met late" if late else str(clock.state)
    left = duration_text(abs(clock.remaining_s))
    paused = "paused, " if clock.due_at is None else ""
    if clock.remaining_s < 0:
        return f"breached, {paused}{left} over"
    # A breach stays recorded when a longer target or a new round of updates gives more time.
    once = "breached once, " if clock.state is ClockState.BREACHED else ""
    return f"{once}{paused}{left} left"
