"""Export whole tickets for other programs, with their history, sorted by number."""

from collections import defaultdict
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.queue import filters
from helpdesk.desk.session import Desk
from helpdesk.domain.query import TicketQuery
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.clock import ClockName, ClockState
from helpdesk.domain.support_hours.instant import optional_instant_text
from helpdesk.domain.ticket import ref
from helpdesk.domain.ticket_fields import TICKET_FIELDS, FieldType, values_of
from helpdesk.store.exchange import export
from helpdesk.store.models import Requester, Ticket

_EXPORTED = tuple(field for field in TICKET_FIELDS if field.in_export)
_WORDS = tuple(
    field for field in _EXPORTED if field.field_type in (FieldType.CHOICE, FieldType.TEXT)
)
_TIMES = tuple(field for field in _EXPORTED if field.field_type is FieldType.TIME)
_NUMBERS = tuple(field for field in _EXPORTED if field.field_type is FieldType.NUMBER)
#: How many tickets are read in one transaction.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class ExportedTicket:
    """An exported ticket.

    :ivar facts: the fields of the ticket, by the names that the command line's JSON uses.
    :ivar events: the timeline entries, oldest first.
    """

    number: int
    facts: dict[str, Any]
    events: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class ExportPurpose:
    """What is said of an export in the audit trail.

    :ivar what: what is exported, such as "tickets as csv".
    :ivar query: the query as it was written; "" for all tickets.
    :ivar to: where it goes.
    """

    what: str = "tickets"
    query: str = ""
    to: str = "standard output"


def require_allowed(desk: Desk) -> None:
    """Refuse an export before anything is written.

    :raises NotPermittedError: if the role or the policy does not allow it.
    """
    desk.require(Right.EXPORT)


def tickets(
    desk: Desk,
    query: TicketQuery | None = None,
    after: int = 0,
    purpose: ExportPurpose = ExportPurpose(),
    *,
    with_events: bool = True,
) -> Generator[list[ExportedTicket]]:
    """Yield the tickets with a number above ``after``, up to ``CHUNK`` at a time.

    Each chunk is read in a transaction of its own, so that no transaction stays open for long.  At
    the end, or when the caller stops (closes the iterator), the export is put on record.

    :param query: which tickets to export; None exports all, in every state.
    :param with_events: whether to read their timelines as well, which takes most of the time.
    :raises NotPermittedError: if the role or the policy does not allow it.
    """
    desk.require(Right.EXPORT)
    rows = 0
    try:
        for chunk in _chunks(desk, query, after, with_events=with_events):
            rows += len(chunk)
            yield chunk
    finally:
        desk.record_use(f"exported {purpose.what}", purpose.query, rows, purpose.to)


def _chunks(
    desk: Desk, query: TicketQuery | None, after: int, *, with_events: bool
) -> Iterator[list[ExportedTicket]]:
    while True:
        with desk.database.read() as session:
            ticket_filter = None if query is None else filters.resolve(desk, session, query)
            condition = None if ticket_filter is None else ticket_filter.conditions()
            rows = export.tickets(session, condition, after, CHUNK)
            if not rows:
                return
            chunk = _chunk(session, rows, with_events=with_events)
        yield chunk
        after = chunk[-1].number


def _chunk(session: Session, rows: export.Rows, *, with_events: bool) -> list[ExportedTicket]:
    numbers = [row[0].id for row in rows]
    events: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for event, login in export.events(session, numbers) if with_events else ():
        data = {key: value for key, value in event.data.items() if key != "version"}
        events[event.ticket_id].append(
            {
                **data,
                "at": optional_instant_text(event.at),
                "actor": login or data.get("by"),
                "type": event.type,
                "public": event.public,
                "text": event.text,
            }
        )
    clocks: dict[int, dict[str, export.EndedClock]] = defaultdict(dict)
    for clock in export.clocks(session, numbers):
        clocks[clock.ticket_id][clock.name] = clock
    articles: dict[int, list[str]] = defaultdict(list)
    for number, path in export.articles(session, numbers):
        articles[number].append(path)
    further: dict[int, list[str]] = defaultdict(list)
    for number, mail, name in export.further_requesters(session, numbers):
        further[number].append(mail or name)
    origins = export.origins(session, numbers)
    chunk = []
    for ticket, requester, customer, service, assignee in rows:
        origin = origins.get(ticket.id)
        facts = {
            **_facts(ticket, requester),
            "service": service,
            "customer": customer,
            "assignee": assignee,
            **_sla_outcomes(clocks[ticket.id]),
            "articles": articles[ticket.id],
            "further_requesters": further[ticket.id],
            "source": origin.source if origin else None,
            "source_id": origin.source_id if origin else None,
        }
        chunk.append(ExportedTicket(ticket.id, facts, tuple(events[ticket.id])))
    return chunk


def _facts(ticket: Ticket, requester: Requester | None) -> dict[str, Any]:
    return {
        "id": ref(ticket.id),
        "subject": ticket.subject,
        "body": ticket.body,
        **values_of(ticket, _WORDS),
        "callback": ticket.callback or None,
        "requester": requester.mail if requester else None,
        "requester_name": requester.name if requester else None,
        "requester_phone": (requester.phone or None) if requester else None,
        **{name: optional_instant_text(at) for name, at in values_of(ticket, _TIMES).items()},
        **values_of(ticket, _NUMBERS),
    }


def _sla_outcomes(clocks: dict[str, export.EndedClock]) -> dict[str, Any]:
    """Return the outcome of each SLA target: "met", "breached", or None while it is open."""
    response = clocks.get(ClockName.FIRST_RESPONSE)
    return {
        "responded_at": optional_instant_text(response.met_at) if response else None,
        **{
            f"sla_{name}": _sla_outcome(clocks.get(name))
            for name in (ClockName.FIRST_RESPONSE, ClockName.RESOLUTION)
        },
    }


def _sla_outcome(clock: export.EndedClock | None) -> str | None:
    if clock is None:
        return None
    if clock.breached_at is not None:
        return str(ClockState.BREACHED)
    return str(ClockState.MET) if clock.met_at is not None else None
