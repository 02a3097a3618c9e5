"""Queries about the tickets of people, and the timeline entries that name them."""

import json
from collections.abc import Iterable, Sequence

from sqlalchemy import Text, and_, cast, func, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.store.models import Ticket, TicketEvent, TicketRequester
from helpdesk.store.models.ticket_states import ACTIVE

#: How many tickets are named in one statement.
_CHUNK = 1_000


def tickets_of(
    session: Session, numbers: Sequence[int], limit: int
) -> tuple[list[Ticket], int, int]:
    """Return the newest tickets of a person, those that are open first.

    :param numbers: the numbers of the person's records.
    :returns: the tickets, and how many are open and how many are finished.
    """
    further = select(TicketRequester.ticket_id).where(TicketRequester.requester_id.in_(numbers))
    own = or_(Ticket.requester_id.in_(numbers), Ticket.id.in_(further))
    statement = select(Ticket).where(own).order_by(~ACTIVE, Ticket.id.desc()).limit(limit)
    total = session.scalar(select(func.count(Ticket.id)).where(own)) or 0
    active = session.scalar(select(func.count(Ticket.id)).where(own, ACTIVE)) or 0
    return list(session.scalars(statement)), active, total - active


def move_tickets(session: Session, number: int, to: int) -> int:
    """Give the tickets of a record to another one of the same person; return how many.

    Tickets that the acting agent may not see stay: they name the record that was joined.
    """
    own = list(session.scalars(select(Ticket.id).where(Ticket.requester_id == number)))
    if own:
        session.execute(
            update(Ticket)
            .where(Ticket.id.in_(own))
            .values(requester_id=to)
            .execution_options(synchronize_session=False)
        )
    asked = select(TicketRequester).where(TicketRequester.requester_id == number)
    for row in session.scalars(asked).all():
        if session.get(TicketRequester, (row.ticket_id, to)) is None:
            other = TicketRequester(ticket_id=row.ticket_id, requester_id=to)
            other.via_id, other.at = row.via_id, row.at
            session.add(other)
        session.delete(row)
    session.flush()
    needless = (
        select(TicketRequester)
        .join(Ticket, Ticket.id == TicketRequester.ticket_id)
        .where(TicketRequester.requester_id == to, Ticket.requester_id == to)
    )
    for row in session.scalars(needless).all():
        session.delete(row)
    session.flush()
    return len(own)


def give_back(session: Session, number: int, to: int, tickets: Sequence[int]) -> None:
    """Give those of these tickets that are still of a record to another one.

    Tickets that the acting agent may not see stay.
    """
    for start in range(0, len(tickets), _CHUNK):
        some = Ticket.id.in_(tickets[start : start + _CHUNK])
        statement = update(Ticket).where(some, Ticket.requester_id == number)
        session.execute(
            statement.values(requester_id=to).execution_options(synchronize_session="fetch")
        )


def own_tickets(session: Session, numbers: Iterable[int]) -> list[Ticket]:
    """Return all tickets of a person's records, by number."""
    own = Ticket.requester_id.in_(list(numbers))
    return list(session.scalars(select(Ticket).where(own).order_by(Ticket.id)))


def entries_naming(
    session: Session, words: Iterable[str], called: Iterable[int]
) -> list[TicketEvent]:
    """Return the entries of all timelines whose data may name a person.

    :param words: texts by which the person is named.
    :param called: the numbers of tickets in which numbers to call back name them.
    """
    data = cast(TicketEvent.data, Text)
    named = [data.contains(json.dumps(word)[1:-1], autoescape=True) for word in words]
    numbers = and_(TicketEvent.ticket_id.in_(list(called)), data.contains("callback"))
    return list(
        session.scalars(select(TicketEvent).where(or_(numbers, *named)).order_by(TicketEvent.id))
    )
