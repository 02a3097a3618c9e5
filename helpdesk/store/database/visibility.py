"""Decide which tickets the acting agent may see, for all queries.

Tickets of a customer who is confidential to named agents are hidden from everybody else.  Every ORM
query that reads tickets, also in a join, gets this condition when it is executed, so that no use
case can forget it.  In a session that only reads, so do the rows of all tables that belong to a
ticket (timelines, links, tags, notices, …), and the customer and their requesters.  A session that
writes sees these rows, because it must not add them twice.  The desk's own work sees everything.
"""

import time
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, event, exists, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.base import ExecutableOption

from helpdesk.store.database.immutable_cache import ImmutableCache
from helpdesk.store.models import (
    Customer,
    CustomerConfidant,
    CustomerDomain,
    Requester,
    Ticket,
)
from helpdesk.store.models.base import Base

#: After this many seconds the confidential customers are read again.
_MAX_AGE_S = 2.0
#: The table instead of the class, which would get the condition for visible tickets.
_TICKETS = Ticket.__table__.alias("hidden_tickets")


class Visibility:
    """Which tickets one agent may see; without a login, all."""

    def __init__(self, login: str | None = None) -> None:
        self.login = login
        self._confidants: dict[int, frozenset[str]] = {}
        self._hidden: frozenset[int] = frozenset()
        self._read_at = float("-inf")

    def hidden(self, session: Session) -> frozenset[int]:
        """Return the ids of the customers whose tickets are hidden from the agent."""
        if self.login is not None:
            self._read(session)
        return self._hidden

    def confidants(self, session: Session, customer_id: int | None) -> frozenset[str]:
        """Return the logins of those who alone may see a customer's tickets; empty if all may."""
        self._read(session)
        return self._confidants.get(customer_id or 0, frozenset())

    def forget(self) -> None:
        """Read the confidential customers again at the next query."""
        self._read_at = float("-inf")

    def _read(self, session: Session) -> None:
        now = time.monotonic()
        if now - self._read_at <= _MAX_AGE_S:
            return
        named: dict[int, set[str]] = {}
        # A query through the connection: an ORM query would call this method again.
        for customer_id, login in session.connection().execute(
            select(CustomerConfidant.customer_id, CustomerConfidant.login)
        ):
            named.setdefault(customer_id, set()).add(login)
        self._confidants = {number: frozenset(logins) for number, logins in named.items()}
        if self.login is not None:
            self._hidden = frozenset(
                number for number, logins in named.items() if self.login not in logins
            )
        self._read_at = now


class FilteredSession(Session):
    """A session whose queries return only tickets that the acting agent may see.

    :ivar cache: the process's cache of rows that never change.
    :cvar only_reads: whether it also hides everything else that belongs to a hidden ticket.
    """

    only_reads: ClassVar[bool] = True

    def __init__(
        self, *args: Any, visibility: Visibility, cache: ImmutableCache, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.visibility = visibility
        self.cache = cache


def is_hidden(session: Session, number: int) -> bool:
    """Whether a ticket exists and is hidden from the acting agent."""
    hidden = hidden_customers(session)
    if not hidden:
        return False
    statement = select(Ticket.customer_id).where(Ticket.id == number)
    return session.connection().scalar(statement) in hidden


def hidden_customers(session: Session) -> frozenset[int]:
    """Return the ids of the customers whose tickets are hidden from the acting agent."""
    return _visibility(session).hidden(session)


def hidden_names(session: Session) -> set[str]:
    """Return the names and mail domains of the customers hidden from the acting agent."""
    hidden = sorted(hidden_customers(session))
    if not hidden:
        return set()
    names = select(Customer.name).where(Customer.id.in_(hidden))
    domains = select(CustomerDomain.domain).where(CustomerDomain.customer_id.in_(hidden))
    # Queries through the connection: an ORM query would leave these customers out.
    connection = session.connection()
    return {*connection.scalars(names), *connection.scalars(domains)}


def is_hidden_customer(session: Session, customer_id: int | None) -> bool:
    """Whether a customer's tickets are hidden from the acting agent."""
    return customer_id in hidden_customers(session)


def confidants(session: Session, customer_id: int | None) -> frozenset[str]:
    """Return the logins of those who alone may see a customer's tickets; empty if all may."""
    return _visibility(session).confidants(session, customer_id)


def visible_among(session: Session, numbers: Iterable[int]) -> set[int]:
    """Return those of these tickets that exist and that the acting agent may see."""
    statement = select(Ticket.id).where(Ticket.id.in_(sorted(numbers)), condition(session))
    # A query through the connection: this is called while another query is being read.
    return set(session.connection().scalars(statement))


def hidden_tickets(session: Session) -> set[int]:
    """Return the numbers of the tickets that are hidden from the acting agent."""
    hidden = hidden_customers(session)
    if not hidden:
        return set()
    statement = select(Ticket.id).where(Ticket.customer_id.in_(sorted(hidden)))
    return set(session.connection().scalars(statement))


def condition(session: Session) -> ColumnElement[bool]:
    """Return the condition for visible tickets, for statements that are not ORM queries."""
    hidden = hidden_customers(session)
    return _is_visible(hidden) if hidden else true()


def of_visible_ticket(session: Session, column: Any) -> ColumnElement[bool]:
    """Return the condition that a column does not hold the number of a hidden ticket."""
    hidden = hidden_customers(session)
    return _not_of(column, sorted(hidden)) if hidden else true()


def hides_rows(session: Session) -> bool:
    """Whether a session leaves out the rows of other tables that belong to hidden tickets."""
    reads = isinstance(session, FilteredSession) and session.only_reads
    return reads and bool(hidden_customers(session))


def _visibility(session: Session) -> Visibility:
    return session.visibility if isinstance(session, FilteredSession) else Visibility()


def _is_visible(hidden: frozenset[int]) -> ColumnElement[bool]:
    return or_(Ticket.customer_id.is_(None), Ticket.customer_id.not_in(sorted(hidden)))


def _not_of(column: Any, numbers: Sequence[int]) -> ColumnElement[bool]:
    of_hidden = exists().where(_TICKETS.c.id == column, _TICKETS.c.customer_id.in_(numbers))
    return ~of_hidden.correlate_except(_TICKETS)


@cache
def belonging_to_tickets() -> tuple[tuple[type[Base], str], ...]:
    """Return each class whose rows belong to a ticket, with the column that says to which.

    These are the references to a ticket that are named ``ticket_id`` or are a part of the key; a
    link belongs to both of its tickets.
    """
    return tuple(
        (mapper.class_, column.name)
        for mapper in Base.registry.mappers
        for column in mapper.columns
        if any(key.column.table is Ticket.__table__ for key in column.foreign_keys)
        and (column.primary_key or column.name == "ticket_id")
    )


@lru_cache(maxsize=8)
def _ticket_options(hidden: frozenset[int]) -> tuple[ExecutableOption, ...]:
    # A function of the class, as a bare condition is not adapted to an alias in an outer join.
    numbers = sorted(hidden)
    return (
        with_loader_criteria(
            Ticket,
            lambda cls: or_(cls.customer_id.is_(None), cls.customer_id.not_in(numbers)),
            include_aliases=True,
        ),
    )


@lru_cache(maxsize=8)
def _reading_options(hidden: frozenset[int]) -> tuple[ExecutableOption, ...]:
    numbers = sorted(hidden)
    conditions: dict[str, Any] = {
        "ticket_id": lambda cls: _not_of(cls.ticket_id, numbers),
        "other_id": lambda cls: _not_of(cls.other_id, numbers),
    }
    return (
        *_ticket_options(hidden),
        with_loader_criteria(Customer, lambda cls: cls.id.not_in(numbers), include_aliases=True),
        with_loader_criteria(
            Requester,
            lambda cls: or_(cls.customer_id.is_(None), cls.customer_id.not_in(numbers)),
            include_aliases=True,
        ),
        *(
            with_loader_criteria(class_, conditions[name], include_aliases=True)
            for class_, name in belonging_to_tickets()
        ),
    )


@event.listens_for(FilteredSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    session = state.session
    hidden = hidden_customers(session)
    if not hidden or not (state.is_select or state.is_update or state.is_delete):
        return
    with_rows = state.is_select and hides_rows(session)
    options = _reading_options(hidden) if with_rows else _ticket_options(hidden)
    state.statement = state.statement.options(*options)
