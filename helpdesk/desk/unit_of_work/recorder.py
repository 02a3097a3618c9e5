"""A change of one ticket: collects its timeline entries and completes the transaction."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.sla import ticket_clocks
from helpdesk.desk.sla.agreement import SlaAgreement
from helpdesk.desk.unit_of_work import confidentiality, mentioned, notify
from helpdesk.desk.unit_of_work.notify import NewEntry
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.ticket import State, ref
from helpdesk.domain.ticket_fields import SETTABLE
from helpdesk.store.models import Ticket, TicketEvent
from helpdesk.store.ticket import tickets

#: The columns of a ticket that undo restores (see ``desk.bulk.undo``).
_UNDO_COLUMNS = (
    *(field.attribute for field in SETTABLE),
    "state", "waiting_on", "waiting_until", "queue", "priority", "assignee_id", "policy_id",
    "calendar_id", "resolved_at", "closed_at", "hand_overs", "reopenings", "with_lead_since",
    "follow_up_at", "follow_up_due",
)  # fmt: skip


class TicketChange:
    """A change of one ticket in an open transaction.

    Actions alter the ticket and record entries through it; :meth:`finish` completes it.

    :ivar now: the time of all entries of the change.  It is never before the ticket's newest entry,
        even if the host's clock was set back.
    :ivar goes_on_in: the number of the ticket to which the change was made instead, because this
        one was merged into it, or is closed; else 0.
    :ivar actor_id: the acting agent's database id; None if the desk itself acts.
    :ivar unreached: once it is finished, a sentence for everybody whom its texts mention (``@bob``)
        and who gets no notice of it.
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
        # The desk's own entries do not move ``updated_at``, so look at the newest entry, too.
        with session.no_autoflush:
            self._newest = max(ticket.updated_at, tickets.newest_entry_at(session, ticket.id))
        self.now = max(at, self._newest)
        self.actor_id = actor_id
        self._login = login
        self._serves = serves
        self._seen = ticket.version
        self._before = {name: getattr(ticket, name) for name in _UNDO_COLUMNS}
        self._last: TicketEvent | None = None
        self._new_entries: list[NewEntry] = []
        self._clocks_move = False
        self.goes_on_in = 0
        self.unreached: tuple[str, ...] = ()

    @classmethod
    def by(cls, desk: Desk, session: Session, ticket: Ticket) -> "TicketChange":
        """Begin a change by the acting agent at the current time."""
        levels = frozenset(desk.agent.levels)
        return cls(session, ticket, desk.now(), desk.agent_id, desk.login, levels)

    def for_other_ticket(self, ticket: Ticket) -> "TicketChange":
        """Begin a change of another ticket by the same actor in the same transaction."""
        return TicketChange(
            self.session, ticket, self.now, self.actor_id, self._login, self._serves
        )

    def value_before(self, column: str) -> Any:
        """Return what a column that undo restores held before the change."""
        return self._before[column]

    @property
    def ref(self) -> str:
        """The ticket's reference, such as "HD-12"."""
        return ref(self.ticket.id)

    def record(
        self,
        entry: EntryType,
        text: str = "",
        *,
        public: bool = False,
        data: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Add an entry to the timeline and give the ticket its next version.

        Every change of the ticket needs an entry: without one, :meth:`finish` does not update the
        clocks, the queue order or the notices.

        :param public: whether the requester sees the entry.
        """
        self._last = TicketEvent(
            ticket_id=self.ticket.id,
            at=self.now,
            actor_id=self.actor_id,
            type=entry,
            public=public,
            text=text,
            # The new version: a conflict lists the entries since the version that a writer saw.
            data={**data, "version": self._seen + 1},
        )
        self.session.add(self._last)
        self._clocks_move |= entry.moves_clocks
        self.ticket.version = self._seen + 1
        self._new_entries.append(NewEntry(entry, self.now, self.actor_id, text, self._last.data))

    def record_system_entry(
        self,
        entry: EntryType,
        at: datetime,
        data: Mapping[str, Any],
        actor_id: int | None = None,
    ) -> None:
        """Add an entry by the desk itself that changes nothing that a person edits.

        The ticket keeps its version, so that agents who are writing do not get a conflict.

        :param at: the time of the entry, at the earliest that of the ticket's newest entry.
        :param actor_id: the agent whose change of another ticket is its cause, or None.
        """
        at = max(at, self._newest)
        self.session.add(
            TicketEvent(
                ticket_id=self.ticket.id,
                at=at,
                actor_id=actor_id,
                type=entry,
                public=False,
                data={**data, "version": self.ticket.version},
            )
        )
        self._new_entries.append(NewEntry(entry, at, actor_id, "", data))

    def set_state(self, state: State) -> None:
        """Set the ticket's state and end a wait; a finished ticket also leaves the lead's list."""
        self.ticket.state = state
        self.ticket.waiting_on = None
        self.ticket.waiting_until = None
        if not state.is_active:
            self.ticket.with_lead_since = None
            self.ticket.follow_up_at, self.ticket.follow_up_due = None, False

    def apply_agreement(self, sla: SlaAgreement) -> None:
        """Put the ticket under another SLA agreement; its entry must contain the agreement."""
        self.ticket.policy_id = sla.policy_id
        self.ticket.calendar_id = sla.calendar_id

    def wake(self) -> None:
        """Open a new or pending ticket because somebody works on it."""
        if self.ticket.state is State.PENDING:
            self.record(EntryType.RESUMED)
        if self.ticket.state is not State.OPEN:
            self.set_state(State.OPEN)

    def claim_if_unassigned(self) -> None:
        """Assign an unassigned ticket to the acting agent, if they serve its queue."""
        if self.ticket.assignee_id is None and self.ticket.queue in self._serves:
            self.ticket.assignee_id = self.actor_id
            self.record(EntryType.CLAIMED, data={"to": self._login})

    def hand_over(self, entry: EntryType, to: Level, particulars: Mapping[str, Any]) -> None:
        """Move the ticket into another level's queue, unassigned.

        :param particulars: the data of the entry besides the two levels.
        """
        source = self.ticket.queue
        self.ticket.queue = to
        self.ticket.assignee_id = None
        self.ticket.hand_overs += 1
        self.record(entry, data={"from": source, "to": to, **particulars})

    @property
    def has_changes(self) -> bool:
        """Whether an entry was recorded that changes the ticket's version."""
        return self.ticket.version != self._seen

    def escalate_to_lead(self, reason: str) -> None:
        """Put the ticket on the lead's list (hierarchical escalation); queue and assignee stay."""
        self.ticket.with_lead_since = self.now
        self.record(EntryType.ESCALATED_TO_LEAD, data={"reason": reason})

    def finish(self) -> None:
        """Update the clocks and the queue order and notify agents, if anything was recorded.

        :raises NotPermittedError: if the acting agent may not see the changed ticket.
        :raises RefusedError: if its assignee may not see it.
        """
        confidentiality.require(self.session, self.ticket)
        if self._last is None:
            return
        if self.ticket.follow_up_due and self.actor_id is not None:
            # The follow-up is done: an agent has worked on the ticket.
            self.ticket.follow_up_at, self.ticket.follow_up_due = None, False
        before = {
            name: _stored(value)
            for name, value in self._before.items()
            if value != getattr(self.ticket, name)
        }
        if before:
            # The last entry of a change holds the earlier values of the columns, for undo.
            self._last.data = {**self._last.data, "before": before}
        self.ticket.updated_at = self.now
        self.session.flush()
        if before or self._clocks_move:  # a note, for example, changes neither
            ticket_clocks.recompute(self.session, self.ticket, self.now)
        self.notify()

    def notify(self) -> None:
        """Notify the agents whom the entries since the last call concern."""
        entries, self._new_entries = self._new_entries, []
        texts = [mentioned.mentioning_text(one.type, one.text, one.data) for one in entries]
        self.unreached += mentioned.unreached(self.session, self.ticket, texts)
        notify.notify_agents(self.session, self.ticket, entries, self._before["assignee_id"])


def _stored(value: Any) -> Any:
    return int(value.timestamp()) if isinstance(value, datetime) else value


def hand_over_data(reason: str, note: HandOver, skipped: tuple[Level, ...] = ()) -> dict[str, Any]:
    """Return the data of an escalation's entry, except for the two levels.

    :param skipped: the levels between them, which the ticket did not visit.
    """
    data: dict[str, Any] = {"reason": reason, **asdict(note)}
    return {**data, "skipped": list(skipped)} if skipped else data
