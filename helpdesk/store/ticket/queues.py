"""Queues: stretches of the index of active tickets, due first, at the same cost at any size."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import State
from helpdesk.domain.ticket_fields import IN_ROW
from helpdesk.store.models import Agent, Customer, Requester, Service, Ticket, TicketClock
from helpdesk.store.models.ticket_states import ACTIVE

#: A due rank that comes after every time: clocks that do not run sort behind all that do.  Exactly
#: this rank has a ticket whose clock was overdue when it was paused: it still is.
BEYOND = 2**40

_ORDERS: dict[str, tuple[ColumnElement[Any], ...]] = {
    "due": (Ticket.due_rank.asc(), Ticket.id.asc()),
    "created": (Ticket.created_at.asc(), Ticket.id.asc()),
    "priority": (Ticket.priority.asc(), Ticket.due_rank.asc(), Ticket.id.asc()),
}


#: No list is counted beyond this: what is longer is to be narrowed down.
COUNTED = 10_000


class Narrowing(Protocol):
    """A filter that narrows a list down (see ``store.ticket.ticket_filter``)."""

    def conditions(self) -> ColumnElement[bool]:
        """Return the SQL condition; it says itself which states are meant."""

    def order(self) -> tuple[ColumnElement[Any], ...]:
        """Return the SQL order."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets a list holds; None leaves a field open.

    ``state`` None means the active ones, or those of which the ``filter`` speaks; ``unassigned``
    asks for those nobody has claimed.
    """

    queue: Level | None = None
    state: State | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    any_state: bool = False
    filter: Narrowing | None = None

    def conditions(self) -> ColumnElement[bool]:
        """Return the SQL condition."""
        parts: list[ColumnElement[bool]] = [true()]
        if self.state is not None:
            parts.append(Ticket.state == self.state)
        elif not self.any_state and self.filter is None:
            parts.append(ACTIVE)
        if self.state is not None and self.state.is_active:
            parts.append(ACTIVE)
        if self.queue is not None:
            parts.append(Ticket.queue == self.queue)
        if self.assignee_id is not None:
            parts.append(Ticket.assignee_id == self.assignee_id)
        if self.unassigned:
            parts.append(Ticket.assignee_id.is_(None))
        if self.filter is not None:
            parts.append(self.filter.conditions())
        return and_(*parts)


_ASSIGNEE = aliased(Agent)

#: The lines of lists, with their names.
_LINES: Select[*tuple[Any, ...]] = (
    select(
        Ticket.id,
        Ticket.version,
        *(getattr(Ticket, field.attribute) for field in IN_ROW),
        Ticket.with_lead_since,
        Ticket.follow_up_due,
        Ticket.policy_id,
        Ticket.due_clock,
        Requester.mail.label("requester_mail"),
        Requester.name.label("requester_name"),
        Customer.name.label("customer"),
        Service.name.label("service"),
        _ASSIGNEE.login.label("assignee"),
    )
    .outerjoin(Requester, Requester.id == Ticket.requester_id)
    .outerjoin(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Service, Service.id == Ticket.service_id)
    .outerjoin(_ASSIGNEE, _ASSIGNEE.id == Ticket.assignee_id)
)
_LINES_BY_ID = _LINES.where(Ticket.id.in_(bindparam("ids", expanding=True)))


def rows(
    session: Session,
    wanted: Wanted,
    *,
    sort: str | None = None,
    offset: int = 0,
    limit: int | None = 200,
) -> list[Row[*tuple[Any, ...]]]:
    """Return a stretch of the list.

    The numbers are picked from the index first and joined with names after, so that an offset
    costs index entries only.
    """
    picked = listing(wanted, sort, offset, limit)
    statement = _LINES.where(Ticket.id.in_(picked)).order_by(*_order(wanted, sort))
    return list(session.execute(statement))


def listing(wanted: Wanted, sort: str | None, offset: int, limit: int | None) -> Select[Any]:
    """Return the statement that picks the numbers of a stretch of the list."""
    picked = select(Ticket.id).where(wanted.conditions()).order_by(*_order(wanted, sort))
    return picked.offset(offset).limit(limit)


def _order(wanted: Wanted, sort: str | None) -> tuple[ColumnElement[Any], ...]:
    if sort is None and wanted.filter is not None:
        return wanted.filter.order()
    return _ORDERS[sort or "due"]


def rows_by_id(session: Session, ids: list[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return the lines of these tickets, in no order."""
    return list(session.execute(_LINES_BY_ID, {"ids": ids}))


def total(session: Session, wanted: Wanted) -> int:
    """Return how many tickets the list holds; of a filtered one at most :data:`COUNTED`."""
    statement = select(func.count()).select_from(Ticket).where(wanted.conditions())
    if wanted.filter is not None:
        some = select(Ticket.id).where(wanted.conditions()).limit(COUNTED).subquery()
        statement = select(func.count()).select_from(some)
    return session.scalar(statement) or 0


def position(session: Session, wanted: Wanted, number: int) -> int | None:
    """Return how many tickets of the list come before this one, or None if it is not in it."""
    key = session.execute(
        select(Ticket.due_rank, Ticket.id).where(wanted.conditions(), Ticket.id == number)
    ).first()
    if key is None:
        return None
    before = tuple_(Ticket.due_rank, Ticket.id) < tuple_(*key)
    statement = select(func.count()).select_from(Ticket).where(wanted.conditions(), before)
    return session.scalar(statement) or 0


_CLOCKS = (
    select(TicketClock, Ticket.state, Ticket.calendar_id)
    .join(Ticket, Ticket.id == TicketClock.ticket_id)
    .where(TicketClock.ticket_id.in_(bindparam("ids", expanding=True)))
)


def clocks(session: Session, ids: list[int]) -> list[Row[TicketClock, State, int]]:
    """Return all clocks of these tickets, each with its ticket's state and calendar."""
    return list(session.execute(_CLOCKS, {"ids": ids}))


#: Written as in the partial index.
_ACTS: ColumnElement[bool] = literal_column("tickets.act_at IS NOT NULL")


def to_act_on(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the tickets on which the desk must act by now, the longest due first."""
    statement = select(Ticket.id).where(_ACTS, Ticket.act_at <= now)
    return list(session.scalars(statement.order_by(Ticket.act_at, Ticket.id).limit(limit)))


def next_act_at(session: Session) -> datetime | None:
    """Return when the desk must next act on a ticket by itself."""
    statement = select(Ticket.act_at).where(_ACTS).order_by(Ticket.act_at).limit(1)
    return session.scalar(statement)


def tally(now: datetime) -> tuple[Any, ...]:
    """Return the columns that count tickets: active, unassigned, warning, breached."""
    rank = int(now.timestamp())
    breached = or_(Ticket.due_rank < rank, Ticket.due_rank == BEYOND)
    warned = and_(Ticket.due_rank >= rank, Ticket.warn_at <= now)
    return (
        func.count(),
        func.sum(case((Ticket.assignee_id.is_(None), 1), else_=0)),
        func.sum(case((warned, 1), else_=0)),
        func.sum(case((breached, 1), else_=0)),
    )


def tallies(session: Session, now: datetime) -> list[Row[*tuple[Any, ...]]]:
    """Return (queue, active, unassigned, warning, breached) for each queue with active tickets."""
    statement = select(Ticket.queue, *tally(now)).where(ACTIVE).group_by(Ticket.queue)
    return list(session.execute(statement))


def tally_of_assignee(session: Session, agent_id: int, now: datetime) -> Row[*tuple[Any, ...]]:
    """Return (active, unassigned, warning, breached) of an agent's tickets."""
    statement = select(*tally(now)).where(ACTIVE, Ticket.assignee_id == agent_id)
    return session.execute(statement).one()


def next_due_rank(session: Session, levels: tuple[Level, ...], now: datetime) -> int | None:
    """Return the smallest due rank after ``now`` in these queues."""
    found = [
        session.scalar(
            select(Ticket.due_rank)
            .where(ACTIVE, Ticket.queue == level, Ticket.due_rank >= int(now.timestamp()))
            .order_by(Ticket.due_rank)
            .limit(1)
        )
        for level in levels
    ]
    return min((rank for rank in found if rank is not None), default=None)
