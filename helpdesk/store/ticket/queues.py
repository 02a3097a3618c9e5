"""Queries for queues and other ticket lists.

A page of a queue is a range of an index, so that it costs the same for any number of tickets.
"""

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
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import State
from helpdesk.domain.ticket_fields import IN_ROW
from helpdesk.store.models import Agent, Customer, Requester, Service, Ticket, TicketClock
from helpdesk.store.models.ticket_states import ACTIVE
from helpdesk.store.ticket import orders

#: Due ranks from this number on are not times: tickets without a running clock sort after all
#: others.  Exactly this rank means that the clock was already overdue when it was paused.
NOT_RUNNING_RANK = 2**40

#: Filtered lists are counted up to this number of tickets only.
COUNT_LIMIT = 10_000


class ListConditions(Protocol):
    """A filter of a ticket list (see ``store.ticket.ticket_filter``)."""

    def conditions(self) -> ColumnElement[bool]:
        """Return the SQL condition, including the one for the ticket states."""

    def order(self) -> tuple[ColumnElement[Any], ...]:
        """Return the SQL order."""


@dataclass(frozen=True, slots=True)
class TicketCriteria:
    """The criteria of a ticket list; None means any value.

    If ``state`` is None, the list has the active tickets, or those of the states that ``filter``
    selects.  ``unassigned`` selects tickets without an assignee; ``hidden`` are left out.
    """

    queue: Level | None = None
    state: State | None = None
    assignee_id: int | None = None
    unassigned: bool = False
    any_state: bool = False
    filter: ListConditions | None = None
    hidden: tuple[int, ...] = ()

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
        return and_(*parts, *_not_among(self.hidden))


def _not_among(hidden: tuple[int, ...]) -> list[ColumnElement[bool]]:
    return [Ticket.id.not_in(hidden)] if hidden else []


_ASSIGNEE = aliased(Agent)

#: The rows of lists, with the names they refer to.
_ROWS: Select[*tuple[Any, ...]] = (
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
_ROWS_BY_ID = _ROWS.where(Ticket.id.in_(bindparam("ids", expanding=True)))


def rows(
    session: Session,
    criteria: TicketCriteria,
    *,
    sort: str | None = None,
    offset: int = 0,
    limit: int | None = 200,
) -> list[Row[*tuple[Any, ...]]]:
    """Return a page of a list.

    The numbers are selected from the index first and joined with names afterwards, so that an
    offset only costs index entries.

    :param sort: see ``orders.columns``; None: the order of the filter, or ``due``.
    """
    picked = select_page(criteria, sort, offset, limit)
    statement = _ROWS.where(Ticket.id.in_(picked)).order_by(*_order(criteria, sort))
    return list(session.execute(statement))


def select_page(
    criteria: TicketCriteria, sort: str | None, offset: int, limit: int | None
) -> Select[Any]:
    """Return the statement that selects the ticket numbers of a page of a list."""
    picked = select(Ticket.id).where(criteria.conditions()).order_by(*_order(criteria, sort))
    return picked.offset(offset).limit(limit)


def page_numbers(
    session: Session, criteria: TicketCriteria, sort: str | None, offset: int, limit: int | None
) -> list[int]:
    """Return the ticket numbers of a page of a list, in its order."""
    return list(session.scalars(select_page(criteria, sort, offset, limit)))


def _order(criteria: TicketCriteria, sort: str | None) -> tuple[ColumnElement[Any], ...]:
    if sort is None and criteria.filter is not None:
        return criteria.filter.order()
    return orders.order_by(sort or "due")


def rows_by_id(session: Session, ids: list[int]) -> list[Row[*tuple[Any, ...]]]:
    """Return the list rows of these tickets, in no order."""
    return list(session.execute(_ROWS_BY_ID, {"ids": ids}))


def total(session: Session, criteria: TicketCriteria) -> int:
    """Return the number of tickets of a list; at most :data:`COUNT_LIMIT` if it has a filter."""
    statement = select(func.count()).select_from(Ticket).where(criteria.conditions())
    if criteria.filter is not None:
        counted = select(Ticket.id).where(criteria.conditions()).limit(COUNT_LIMIT).subquery()
        statement = select(func.count()).select_from(counted)
    return session.scalar(statement) or 0


def position(
    session: Session, criteria: TicketCriteria, number: int, sort: str = "due"
) -> int | None:
    """Return how many tickets come before this one; None if it is not in the list."""
    key = session.execute(
        select(*orders.columns(sort)).where(criteria.conditions(), Ticket.id == number)
    ).first()
    if key is None:
        return None
    before = orders.is_before(sort, key)
    statement = select(func.count()).select_from(Ticket).where(criteria.conditions(), before)
    return session.scalar(statement) or 0


_CLOCKS = (
    select(TicketClock, Ticket.state, Ticket.calendar_id)
    .join(Ticket, Ticket.id == TicketClock.ticket_id)
    .where(TicketClock.ticket_id.in_(bindparam("ids", expanding=True)))
)


def clocks(session: Session, ids: list[int]) -> list[Row[TicketClock, State, int]]:
    """Return (clock, ticket's state, ticket's calendar id) of all clocks of these tickets."""
    return list(session.execute(_CLOCKS, {"ids": ids}))


#: Spelled as in the partial index, so that the planner uses it.
_HAS_DUE_ACTION: ColumnElement[bool] = literal_column("tickets.act_at IS NOT NULL")


def due_for_action(session: Session, now: datetime, limit: int) -> list[int]:
    """Return the tickets on which the scheduler must act by ``now``, longest due first."""
    statement = select(Ticket.id).where(_HAS_DUE_ACTION, Ticket.act_at <= now)
    return list(session.scalars(statement.order_by(Ticket.act_at, Ticket.id).limit(limit)))


def next_act_at(session: Session) -> datetime | None:
    """Return when the scheduler must next act on a ticket; None: never."""
    statement = select(Ticket.act_at).where(_HAS_DUE_ACTION).order_by(Ticket.act_at).limit(1)
    return session.scalar(statement)


def tally(now: datetime) -> tuple[Any, ...]:
    """Return the columns that count tickets: active, unassigned, warning, breached.

    ``warning`` counts tickets that are past their warning time but not overdue.
    """
    rank = int(now.timestamp())
    breached = or_(Ticket.due_rank < rank, Ticket.due_rank == NOT_RUNNING_RANK)
    warning = and_(Ticket.due_rank >= rank, Ticket.warn_at <= now)
    return (
        func.count(),
        func.sum(case((Ticket.assignee_id.is_(None), 1), else_=0)),
        func.sum(case((warning, 1), else_=0)),
        func.sum(case((breached, 1), else_=0)),
    )


def tallies(
    session: Session, now: datetime, hidden: tuple[int, ...] = ()
) -> list[Row[*tuple[Any, ...]]]:
    """Return (queue, active, unassigned, warning, breached) for each queue with active tickets.

    :param hidden: tickets that are not counted.
    """
    statement = select(Ticket.queue, *tally(now)).where(ACTIVE, *_not_among(hidden))
    return list(session.execute(statement.group_by(Ticket.queue)))


def tally_of_assignee(
    session: Session, agent_id: int, now: datetime, hidden: tuple[int, ...] = ()
) -> Row[*tuple[Any, ...]]:
    """Return (active, unassigned, warning, breached) of an agent's tickets.

    :param hidden: tickets that are not counted.
    """
    statement = select(*tally(now)).where(ACTIVE, Ticket.assignee_id == agent_id)
    return session.execute(statement.where(*_not_among(hidden))).one()


def next_due_rank(session: Session, levels: tuple[Level, ...], now: datetime) -> int | None:
    """Return the smallest due rank from ``now`` on in these queues, or None."""
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
