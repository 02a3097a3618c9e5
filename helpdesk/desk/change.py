"""How every change of a ticket is made: one transaction, checked, recorded, clocks settled."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk import clockwork
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import ConflictError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import State, Verb, ref, require_allowed
from helpdesk.store import tickets
from helpdesk.store.models import Ticket, TicketEvent


class Change:
    """A change of one ticket under way: the open session, the ticket, and who acts."""

    def __init__(self, desk: Desk, session: Session, ticket: Ticket) -> None:
        self.desk = desk
        self.session = session
        self.ticket = ticket
        # A host's clock that was set back must not put an event before an earlier one.
        self.now = max(desk.now(), ticket.updated_at)
        self._seen = ticket.version

    @property
    def ref(self) -> str:
        """The ticket's number as people write it."""
        return ref(self.ticket.id)

    def record(
        self,
        entry: str,
        text: str = "",
        *,
        public: bool = False,
        data: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Add an entry to the timeline; without one a change is not kept."""
        self.session.add(
            TicketEvent(
                ticket_id=self.ticket.id,
                at=self.now,
                actor_id=self.desk.agent_id,
                type=entry,
                public=public,
                text=text,
                # The version that the entry leads to tells a late writer what is news to them.
                data={**data, "version": self._seen + 1},
            )
        )
        self.ticket.version = self._seen + 1

    def become(self, state: State) -> None:
        """Put the ticket into a state; what it waited for is over then."""
        self.ticket.state = state
        self.ticket.waiting_on = None
        self.ticket.waiting_until = None

    def wake(self) -> None:
        """Let a new or pending ticket go on as open, because somebody works on it."""
        if self.ticket.state is State.PENDING:
            self.record("resumed")
        if self.ticket.state is not State.OPEN:
            self.become(State.OPEN)

    def take_if_nobody_has_it(self) -> None:
        """Give an unclaimed ticket to the acting agent, who is about to work on it."""
        if self.ticket.assignee_id is None:
            self.ticket.assignee_id = self.desk.agent_id
            self.record("claimed", data={"to": self.desk.login})

    def finish(self) -> None:
        """Settle the clocks and the queue order, if anything was recorded."""
        if self.ticket.version == self._seen:
            return
        self.ticket.updated_at = self.now
        self.session.flush()
        clockwork.settle(self.session, self.ticket, self.now)


@contextmanager
def changing(desk: Desk, number: int, verb: Verb, version: int | None) -> Iterator[Change]:
    """Open a change of a ticket; it is kept whole at the end of the block, or not at all.

    :param version: the version that the person has seen, or None to act on whatever it is now.
    :raises ConflictError: if the ticket is newer than that.
    """
    desk.require(Right.WORK)
    with desk.database.write() as session:
        ticket = tickets.load(session, number)
        if version is not None and version != ticket.version:
            raise _conflict(session, ticket, version)
        require_allowed(verb, ticket.state, ref(number))
        change = Change(desk, session, ticket)
        yield change
        change.finish()


def _conflict(session: Session, ticket: Ticket, version: int) -> ConflictError:
    changes = tuple(
        f"{login or 'helpdesk'} {event.type} it at {event.at:%H:%M:%S} UTC"
        for event, login in tickets.events_after_version(session, ticket.id, version)
    )
    what = "; ".join(changes) or f"it has version {ticket.version}"
    return ConflictError(
        f"{ref(ticket.id)} was changed meanwhile, nothing was saved: {what}.", changes
    )
