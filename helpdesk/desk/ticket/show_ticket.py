"""Show a ticket: everything that is known about it, for a person to read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.desk import article_renames as renames
from helpdesk.desk.people.requesters import person_view
from helpdesk.desk.people.views import PersonView
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement, ola
from helpdesk.desk.sla.clock_views import clock_views
from helpdesk.desk.sla.history import effective_entries
from helpdesk.desk.ticket.views import (
    ContractView,
    EventView,
    HandOverView,
    LinkView,
    RecurrenceView,
    TicketView,
)
from helpdesk.desk.unit_of_work import merged
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level, logged_in
from helpdesk.domain.level_stays import LevelStay, stays
from helpdesk.domain.roles import Right
from helpdesk.domain.sla.alarms import BREACH
from helpdesk.domain.ticket import Channel, LinkKind, ref
from helpdesk.domain.ticket_fields import IN_ROW, values_of
from helpdesk.store import policies
from helpdesk.store.models import Requester, Ticket
from helpdesk.store.people import notices, persons
from helpdesk.store.ticket import relations, tags, tickets, time_entries
from helpdesk.store.ticket.parts import parts_of

#: Data of entries that is for internal use.
_INTERNAL = ("version", "before", "moved")


def show(desk: Desk, number: int) -> TicketView:
    """Return a ticket with its timeline, clocks, links and articles.

    :raises NotFoundError: if there is no ticket of that number.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        view = _view(desk, session, tickets.load_with_names(session, number))
    if not view.articles:
        return view
    return replace(view, articles=renames.current_paths(desk, view.articles))


def _view(desk: Desk, session: Session, whole: tickets.TicketWithNames) -> TicketView:
    ticket = whole.ticket
    parts = parts_of(session, ticket.id)
    rows = tickets.events(session, ticket.id)
    events = tuple(_event(row) for row in rows)
    in_effect = {event.id for event in effective_entries(row[0] for row in rows)}
    not_undone = [event for event in events if event.number in in_effect]
    spent = time_entries.sums_of_ticket(session, ticket.id) if parts.time else (0, 0)
    sla = policies.sla(session, ticket.policy_id)
    calendar = policies.calendar(session, ticket.calendar_id)
    clocks = clock_views(session, [ticket.id], desk.now())
    return TicketView(
        number=ticket.id,
        ref=ref(ticket.id),
        version=ticket.version,
        **values_of(ticket, IN_ROW),
        body=ticket.body,
        waiting_until=ticket.waiting_until,
        service=whole.service,
        customer=whole.customer,
        requester=_person(session, whole.requester) if whole.requester else None,
        assignee=whole.assignee,
        resolved_at=ticket.resolved_at,
        closed_at=ticket.closed_at,
        with_lead_since=ticket.with_lead_since,
        follow_up_due=ticket.follow_up_due,
        policy=sla.name,
        policy_version=sla.version_id,
        support_hours=f"{calendar.name} {calendar.hours['timezone']}",
        contract=_contract(session, sla.version_id, ticket.customer_id, desk.now()),
        at_breach=_at_breach(session, ticket),
        clocks=clocks.get(ticket.id, ()),
        level_clock=ola.level_clock(session, ticket, [row[0] for row in rows], desk.now()),
        hand_over=_hand_over(not_undone),
        returns=sum(event.type is EntryType.RETURNED for event in not_undone),
        csat=ticket.csat,
        stays=_stays(session, ticket, not_undone, desk.now()),
        watchers=tuple(notices.watchers(session, ticket.id).values()) if parts.watchers else (),
        events=events,
        links=tuple(_links(session, ticket)) if parts.links else (),
        articles=tuple(tickets.articles(session, ticket.id)) if parts.articles else (),
        tags=tags.of_ticket(session, ticket.id) if parts.tags else (),
        minutes=spent[0],
        billable_minutes=spent[1],
        further_requesters=_further(session, ticket.id) if parts.further_requesters else (),
        reappeared=_reappeared(session, ticket.id) if parts.recurrence else None,
        merged_into=_merged_into(session, ticket) if parts.links else "",
    )


def _contract(
    session: Session, version: int, customer_id: int | None, now: datetime
) -> ContractView | None:
    contract = policies.contract(session, version, customer_id)
    if contract is None:
        return None
    return ContractView(
        valid=agreement.is_valid(contract, now),
        starts=contract.terms["starts"] or "",
        ends=contract.terms["ends"] or "",
        levels=tuple(Level(level) for level in contract.terms["levels"]),
        channels=tuple(map(Channel, contract.terms.get("channels") or Channel)),
    )


def _at_breach(session: Session, ticket: Ticket) -> tuple[str, ...]:
    if not ticket.state.is_active or not ticket.due_clock:
        return ()
    alarms = agreement.rules_in_force(session).alarms
    return tuple(alarms.actions(ticket.due_clock, BREACH))


def _further(session: Session, number: int) -> tuple[PersonView, ...]:
    return tuple(_person(session, one) for one in relations.further_requesters(session, number))


def _merged_into(session: Session, ticket: Ticket) -> str:
    other = merged.ticket_that_goes_on(session, ticket)
    return ref(other.id) if other is not None else ""


def _reappeared(session: Session, number: int) -> RecurrenceView | None:
    found = relations.recurrences(session, [number])
    if number not in found:
        return None
    problem, change = found[number]
    return RecurrenceView(ref(problem) if problem else "", ref(change) if change else "")


def _person(session: Session, row: Requester) -> PersonView:
    return person_view(session, persons.current(session, row) or row)


def _event(row: Row[*tuple[Any, ...]]) -> EventView:
    event, login = row
    return EventView(
        number=event.id,
        at=event.at,
        actor=login or "helpdesk",
        type=event.type,
        public=event.public,
        text=event.text,
        data={name: value for name, value in event.data.items() if name not in _INTERNAL},
    )


def _hand_over(events: Sequence[EventView]) -> HandOverView | None:
    for event in reversed(events):
        if event.type.is_hand_over:
            text = {name: str(value) for name, value in event.data.items()}
            return HandOverView(
                at=event.at,
                actor=event.actor,
                source=Level(text["from"]),
                target=Level(text["to"]),
                reason=text["reason"],
                note=HandOver(
                    tried=text.get("tried", ""),
                    known=text.get("known", ""),
                    asked=text.get("asked", ""),
                    references=text.get("references", ""),
                ),
            )
    return None


def _stays(
    session: Session, ticket: Ticket, events: list[EventView], now: datetime
) -> tuple[LevelStay, ...]:
    moves = [(ticket.created_at, Level.L1)]  # changed below if it was logged elsewhere
    resolved: list[tuple[datetime, datetime | None]] = []
    for event in events:
        if event.type is EntryType.LOGGED:
            moves[0] = (ticket.created_at, logged_in(event.data))
        elif event.type.is_hand_over:
            moves.append((event.at, Level(str(event.data["to"]))))
        elif event.type.ends_work:
            resolved.append((event.at, None))
        elif event.type is EntryType.REOPENED and resolved:
            resolved[-1] = (resolved[-1][0], event.at)
    calendar = agreement.calendar_of(policies.calendar(session, ticket.calendar_id).hours)
    return stays(moves, resolved, calendar, max(now, ticket.updated_at))


def _links(session: Session, ticket: Ticket) -> list[LinkView]:
    return [
        LinkView(
            kind=LinkKind(link.kind),
            outward=link.ticket_id == ticket.id,
            ref=ref(other.id),
            subject=other.subject,
            state=other.state,
        )
        for link, other in tickets.links(session, ticket.id)
    ]
