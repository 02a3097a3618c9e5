"""Which tickets the acting agent may see: the one place where that is decided.

The tickets of a customer who is confidential to named agents are out of sight for all others.
Every ORM query that names tickets, in whatever join, gets the condition when it is executed; a verb
need not, and cannot, think of it.  What the desk does by itself sees all.
"""

import time
from typing import Any

from sqlalchemy import ColumnElement, event, or_, select, true
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria

from helpdesk.store.database.immutable_cache import Kept
from helpdesk.store.models import CustomerConfidant, Ticket

#: How long a policy that was applied may take to be heeded.
_KEEP_S = 2.0


class Sight:
    """What one agent may see; without a login, everything."""

    def __init__(self, login: str | None = None) -> None:
        self.login = login
        self._confidants: dict[int, frozenset[str]] = {}
        self._hidden: frozenset[int] = frozenset()
        self._read_at = float("-inf")

    def hidden(self, session: Session) -> frozenset[int]:
        """Return the customers whose tickets are out of sight."""
        if self.login is not None:
            self._read(session)
        return self._hidden

    def confidants(self, session: Session, customer_id: int | None) -> frozenset[str]:
        """Return the agents to whom a customer is confidential; none: to nobody."""
        self._read(session)
        return self._confidants.get(customer_id or 0, frozenset())

    def forget(self) -> None:
        """Ask anew at the next query, after the policy has changed."""
        self._read_at = float("-inf")

    def _read(self, session: Session) -> None:
        now = time.monotonic()
        if now - self._read_at <= _KEEP_S:
            return
        named: dict[int, set[str]] = {}
        # Not as an ORM query, which would ask here what it may show.
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


class SightedSession(Session):
    """A session that shows what the acting agent may see.

    :ivar kept: what the process has read of what never changes.
    """

    def __init__(self, *args: Any, sight: Sight, kept: Kept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sight = sight
        self.kept = kept


def is_hidden(session: Session, number: int) -> bool:
    """Whether there is a ticket of that number, out of the acting agent's sight."""
    hidden = _sight(session).hidden(session)
    if not hidden:
        return False
    statement = select(Ticket.customer_id).where(Ticket.id == number)
    return session.connection().scalar(statement) in hidden


def is_hidden_customer(session: Session, customer_id: int | None) -> bool:
    """Whether a customer's tickets are out of the acting agent's sight."""
    return customer_id in _sight(session).hidden(session)


def confidants(session: Session, customer_id: int | None) -> frozenset[str]:
    """Return the agents to whom a customer is confidential; none: to nobody."""
    return _sight(session).confidants(session, customer_id)


def condition(session: Session) -> ColumnElement[bool]:
    """Return what is true of the tickets in sight, for a statement that is no ORM query."""
    hidden = _sight(session).hidden(session)
    return _in_sight(hidden) if hidden else true()


def _sight(session: Session) -> Sight:
    return session.sight if isinstance(session, SightedSession) else Sight()


def _in_sight(hidden: frozenset[int]) -> ColumnElement[bool]:
    return or_(Ticket.customer_id.is_(None), Ticket.customer_id.not_in(sorted(hidden)))


@event.listens_for(SightedSession, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    hidden = _sight(state.session).hidden(state.session)
    if hidden and (state.is_select or state.is_update or state.is_delete):
        state.statement = state.statement.options(
            with_loader_criteria(Ticket, _in_sight(hidden), include_aliases=True)
        )
