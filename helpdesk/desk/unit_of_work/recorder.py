"""A change of one ticket under way: what is done to it, entry by entry."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.sla.agreement import Promise
from helpdesk.desk.unit_of_work import confidentiality, notify
from helpdesk.desk.unit_of_work.notify import Told
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import State, ref
from helpdesk.domain.ticket_fields import SETTABLE
from helpdesk.store.models import Ticket, TicketEvent
from helpdesk.store.ticket import tickets

#: What of a ticket an undoing puts back (see ``desk.bulk.undo``).
_KEPT = (
    *(field.attribute for field in SETTABLE),
    "state", "waiting_on", "waiting_until", "queue", "priority", "assignee_id", "policy_id",
    "calendar_id", "resolved_at", "closed_at", "hand_overs", "reopenings", "with_lead_since",
    "follow_up_at", "follow_up_due",
)  # fmt: skip


class Change:
    """The open session, the ticket, who acts and when; without an actor it is the desk itself.

    ``at`` is moved behind the ticket's last entry: a host's clock that was set back must not put
    an entry before an earlier one.
    """

    def __init__(
        self,
        session: Session,
        ticket: Ticket,
        at: datetime,
        actor_id: int | None = None,
        login: str = "",
        serves: frozenset[Level] = frozenset(),
    ) -> None:
        self.session = session
        self.ticket = ticket
        # What the desk itself recorded does not count as a change of the ticket.
        with session.no_autoflush:
            self._newest = max(ticket.updated_at, tickets.newest_entry_at(session, ticket.id))
        self.now = max(at, self._newest)
        self.actor_id = actor_id
        self._login = login
        self._serves = serves
        self._seen = ticket.version
        self._before = {name: getattr(ticket, name) for name in _KEPT}
        self._last: TicketEvent | None = None
        self._told: list[Told] = []
        self._clocks_move = False

    @classmethod
    def by(cls, desk: Desk, session: Session, ticket: Ticket) -> "Change":
        """Return a change by the acting agent, now."""
        levels = frozenset(desk.agent.levels)
        return cls(session, ticket, desk.now(), desk.agent_id, desk.login, levels)

    def beside(self, ticket: Ticket) -> "Change":
        """Return a change of another ticket by the same actor in the same transaction."""
        return Change(self.session, ticket, self.now, self.actor_id, self._login, self._serves)

    @property
    def ref(self) -> str:
        """The ticket's number as people write it."""
        return ref(self.ticket.id)

    def record(
        self,
        entry: EntryType,
        text: str = "",
        *,
        public: bool = False,
        data: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Add an entry to the timeline; without one a change is not kept."""
        self._last = TicketEvent(
            ticket_id=self.ticket.id,
            at=self.now,
            actor_id=self.actor_id,
            type=entry,
            public=public,
            text=text,
            # The version that the entry leads to tells a late writer what is news to them.
            data={**data, "version": self._seen + 1},
        )
        self.session.add(self._last)
        self._clocks_move |= entry.moves_clocks
        self.ticket.version = self._seen + 1
        self._told.append(Told(entry, self.now, self.actor_id, text, self._last.data))

    def record_aside(
        self,
        entry: EntryType,
        at: datetime,
        data: Mapping[str, Any],
    ) -> None:
        """Add an entry of the desk's own that changes nothing that a person edits.

        The ticket keeps its version, so that nobody who is writing is told of a conflict.
        """
        at = max(at, self._newest)
        self.session.add(
            TicketEvent(
                ticket_id=self.ticket.id,
                at=at,
                actor_id=None,
                type=entry,
                public=False,
                data={**data, "version": self.ticket.version},
            )
        )
        self._told.append(Told(entry, at, None, "", data))

    def become(self, state: State) -> None:
        """Put the ticket into a state; what it waited for is over then."""
        self.ticket.state = state
        self.ticket.waiting_on = None
        self.ticket.waiting_until = None
        if not state.is_active:
            self.ticket.with_lead_since = None
            self.ticket.follow_up_at, self.ticket.follow_up_due = None, False

    def stand_under(self, promise: Promise) -> None:
        """Let another promise hold; the entry that says why must carry it, too."""
        self.ticket.policy_id = promise.policy_id
        self.ticket.calendar_id = promise.calendar_id

    def wake(self) -> None:
        """Let a new or pending ticket go on as open, because somebody works on it."""
        if self.ticket.state is State.PENDING:
            self.record(EntryType.RESUMED)
        if self.ticket.state is not State.OPEN:
            self.become(State.OPEN)

    def take_if_nobody_has_it(self) -> None:
        """Give an unclaimed ticket to the acting agent, if they serve its queue."""
        if self.ticket.assignee_id is None and self.ticket.queue in self._serves:
            self.ticket.assignee_id = self.actor_id
            self.record(EntryType.CLAIMED, data={"to": self._login})

    def hand_over(self, entry: EntryType, to: Level, particulars: Mapping[str, Any]) -> None:
        """Put the ticket into another level's queue, for anybody there to claim."""
        source = self.ticket.queue
        self.ticket.queue = to
        self.ticket.assignee_id = None
        self.ticket.hand_overs += 1
        self.record(entry, data={"from": source, "to": to, **particulars})

    @property
    def made(self) -> bool:
        """Whether anything was recorded."""
        return self.ticket.version != self._seen

    def leave_to_lead(self, reason: str) -> None:
        """Ask the lead to look after the ticket: hierarchical escalation."""
        self.ticket.with_lead_since = self.now
        self.record(EntryType.ESCALATED_TO_LEAD, data={"reason": reason})

    def finish(self) -> None:
        """Settle the clocks and the queue order and tell whom it concerns, if anything changed.

        :raises NotPermittedError: if the ticket is, by now, confidential to others than who acts.
        :raises RefusedError: if it is confidential to others than who has it.
        """
        confidentiality.require(self.session, self.ticket)
        if self._last is None:
            return
        if self.ticket.follow_up_due and self.actor_id is not None:
            # It was to be looked at, and somebody has.
            self.ticket.follow_up_at, self.ticket.follow_up_due = None, False
        before = {
            name: _plain(value)
            for name, value in self._before.items()
            if value != getattr(self.ticket, name)
        }
        if before:
            # The last entry of a change tells what the ticket was before it.
            self._last.data = {**self._last.data, "before": before}
        self.ticket.updated_at = self.now
        self.session.flush()
        if before or self._clocks_move:  # not by a note
            ticket_clocks.settle(self.session, self.ticket, self.now)
        self.tell()

    def tell(self) -> None:
        """Tell everybody whom the entries concern that were made since the last time."""
        told, self._told = self._told, []
        notify.tell(self.session, self.ticket, told, self._before["assignee_id"])


def _plain(value: Any) -> Any:
    return int(value.timestamp()) if isinstance(value, datetime) else value


def hand_over_data(reason: str, note: HandOver, skipped: tuple[Level, ...] = ()) -> dict[str, Any]:
    """Return the particulars of an escalation's entry, but for the levels.

    :param skipped: the levels that it was handed past.
    """
    data: dict[str, Any] = {"reason": reason, **asdict(note)}
    return {**data, "skipped": list(skipped)} if skipped else data
