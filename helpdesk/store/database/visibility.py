"""Decide which tickets the acting agent may see, for all queries.

Tickets of a customer who is confidential to named agents are hidden from everybody else.  Every ORM
query that reads tickets, also in a join, gets this condition when it is executed, so that no use
case can forget it.  The desk's own work sees all tickets.
"""

import time
from typing import Any

from sqlalchemy import ColumnElement, event, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from helpdesk.store.database.immutable_cache import ImmutableCache
from helpdesk.store.models import CustomerConfidant, Ticket

#: After this many seconds the confidential customers are read again.
_MAX_AGE_S = 2.0


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
    """

    def __init__(
        self, *args: Any, visibility: Visibility, cache: ImmutableCache, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.visibility = visibility
        self.cache = cache


def is_hidden(session: Session, number: int) -> bool:
    """Whether a ticket exists and is hidden from the acting agent."""
    hidden = _visibility(session).hidden(session)
    if not hidden:
        return False
    statement = select(Ticket.customer_id).where(Ticket.id == number)
    return session.connection().scalar(statement) in hidden


def is_hidden_customer(session: Session, customer_id: int | None) -> bool:
    """Whether a customer's tickets are hidden from the acting agent."""
    return customer_id in _visibility(session).hidden(session)


def confidants(session: Session, customer_id: int | None) -> frozenset[str]:
    """Return the logins of those who alone may see a customer's tickets; empty if all may."""
    return _visibility(session).confidants(session, customer_id)


def condition(session: Session) -> ColumnElement[bool]:
    """Return the condition for visible tickets, for statements that are not ORM queries."""
    hidden = _visibility(session).hidden(session)
    return _is_visible(hidden) if hidden else true()


def _visibility(session: Session) -> Visibility:
    return session.visibility if isinstance(session, FilteredSession) else Visibility()


def _is_visible(hidden: frozenset[int]) -> ColumnElement[bool]:
    return or_(Ticket.customer_id.is_(None), Ticket.customer_id.not_in(sorted(hidden)))


@event.listens_for(FilteredSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    hidden = _visibility(state.session).hidden(state.session)
    if hidden and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(
            with_loader_criteria(Ticket, _is_visible(hidden), include_aliases=True)
        )
