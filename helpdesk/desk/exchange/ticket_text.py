"""A ticket as text for people."""

from collections.abc import Iterator

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import EventView, TicketView
from helpdesk.domain import desk_zone
from helpdesk.domain.desk_zone import local_time_text
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOverPart
from helpdesk.domain.i18n import _
from helpdesk.domain.references import HIDDEN_TICKET
from helpdesk.domain.sla.clock import OLA, ClockState, clock_title
from helpdesk.domain.sla.duration import duration_text
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket_fields import FACTS
from helpdesk.domain.time_spent import minutes_text

_TEXT_LINES = 200
_PARTS = tuple(HandOverPart)


def ticket_text(ticket: TicketView) -> str:
    """Return everything about a ticket as lines of text."""
    return "\n".join(_lines(ticket))


def _lines(ticket: TicketView) -> Iterator[str]:
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
        yield from _indented(ticket.body)
        yield ""
    for event in ticket.events:
        yield from _event_lines(event)


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
        yield f"  {title:15} due {local_time_text(clock.due_at)}  {clock_text(clock)}"


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
        yield f"handed over {ticket.hand_overs} times, {ticket.returns} of them back: {at}"
    if ticket.reopenings:
        yield f"reopened {ticket.reopenings} times"
    if ticket.watchers:
        yield f"watched by {', '.join(ticket.watchers)}"


def _event_lines(event: EventView) -> Iterator[str]:
    details = [
        f"{name} {HIDDEN_TICKET if value is None else one_line(value)}"
        for name, value in event.data.items()
        if value is None or (value and isinstance(value, str) and name not in _PARTS)
    ]
    if event.type is EntryType.WARNED:
        details.insert(1, f"{event.data['percent']} % used")
    visible = "" if event.public else " (internal)" if event.text else ""
    line = f"{event.actor}  {event.type}{visible}  {', '.join(details)}"
    yield f"{local_time_text(event.at)}  {line}".rstrip()
    for part in _PARTS:
        if event.data.get(part):
            yield from _indented(f"{part}: {event.data[part]}")
    if event.text:
        yield from _indented(event.text)


def _indented(text: str) -> Iterator[str]:
    """Yield the lines of a text, indented so that none can look like a line of the program."""
    lines = text.splitlines()
    yield from (f"    {line}" for line in lines[:_TEXT_LINES])
    if len(lines) > _TEXT_LINES:
        yield f"… {len(lines) - _TEXT_LINES} more lines (--json shows all)"


def clock_text(clock: ClockView) -> str:
    """Return the state of a clock in a few words, such as ``3h 10m left``."""
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
