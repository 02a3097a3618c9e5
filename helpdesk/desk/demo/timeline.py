"""Build the timeline of a demo ticket without a database.

Each method adds the entries that the ticket action of the same name records: the same types, data
and version (a test compares them). It does not check whether the action would be allowed.
"""

from datetime import datetime
from typing import Any

from helpdesk.desk.demo.people import DemoAgent
from helpdesk.desk.demo.plan import Plan
from helpdesk.desk.sla.agreement import SlaAgreement
from helpdesk.desk.unit_of_work.recorder import hand_over_data
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.domain.priority import MATRIX, Urgency
from helpdesk.domain.ticket import LinkKind, State, Waiting, ref


class DemoTicket:
    """The current state of a demo ticket, and its timeline entries as rows to be inserted."""

    def __init__(self, plan: Plan, subject: str, body: str) -> None:
        self.number = plan.number
        self.subject = subject
        self.body = body
        self.version = 0
        self.state = State.NEW
        self.queue = Level.L1
        self.impact = plan.impact
        self.urgency = plan.urgency
        self.priority = plan.priority
        self.promise: SlaAgreement | None = None  # the SLA agreement
        self.assignee: DemoAgent | None = None
        self.waiting_on: Waiting | None = None
        self.waiting_until: datetime | None = None
        self.created_at = plan.at
        self.updated_at = plan.at
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.hand_overs = 0
        self.reopenings = 0
        self.csat: int | None = None
        self.events: list[dict[str, Any]] = []
        self.articles: dict[str, datetime] = {}
        self.duplicate_of: int | None = None

    def log(self, actor: DemoAgent | None, channel: str, promise: SlaAgreement) -> None:
        """Log the ticket.

        :param actor: who logged it; None if it came by itself (mail, portal, monitoring).
        :param promise: its SLA agreement.
        """
        self._begin(self.created_at)
        self.promise = promise
        data = {"channel": channel, "promise": promise.as_data()}
        self._record(actor, EntryType.LOGGED, public=True, data=data)

    def claim(self, at: datetime, agent: DemoAgent) -> None:
        """Assign the ticket to the agent, who takes it."""
        self._begin(at)
        self._take(agent)
        self._open_if_new()

    def assign(self, at: datetime, actor: DemoAgent, agent: DemoAgent) -> None:
        """Assign the ticket to another agent."""
        self._begin(at)
        before = self.assignee.login if self.assignee else ""
        self.assignee = agent
        self._record(actor, EntryType.ASSIGNED, data={"from": before, "to": agent.login})
        self._open_if_new()

    def release(self, at: datetime, agent: DemoAgent) -> None:
        """Put the ticket back into its queue, without an assignee."""
        self._begin(at)
        self.assignee = None
        self._record(agent, EntryType.RELEASED, data={"from": agent.login})

    def reply(self, at: datetime, agent: DemoAgent, text: str) -> None:
        """Add a reply to the requester."""
        self._begin(at)
        self._take(agent)
        self._open_if_new()
        self._record(agent, EntryType.REPLIED, text, public=True)

    def note(self, at: datetime, agent: DemoAgent, text: str) -> None:
        """Add an internal note."""
        self._begin(at)
        self._record(agent, EntryType.NOTED, text)

    def pend(
        self, at: datetime, agent: DemoAgent, on: Waiting, until: datetime | None = None
    ) -> None:
        """Put the ticket on hold."""
        self._begin(at)
        self._take(agent)
        self._set_state(State.PENDING)
        self.waiting_on, self.waiting_until = on, until
        data = {"on": on, "until": until.isoformat() if until else ""}
        self._record(agent, EntryType.PENDED, data=data)

    def resume(self, at: datetime, agent: DemoAgent) -> None:
        """Resume work on the ticket."""
        self._begin(at)
        self._open(agent)

    def escalate(
        self, at: datetime, agent: DemoAgent, to: Level, reason: str, note: HandOver
    ) -> None:
        """Escalate the ticket to a higher level."""
        self._begin(at)
        self._open(agent)
        data = {"from": self.queue, "to": to, **hand_over_data(reason, note)}
        self._move(to)
        self._record(agent, EntryType.ESCALATED, data=data)

    def send_back(self, at: datetime, agent: DemoAgent, to: Level, reason: str) -> None:
        """Return the ticket to a lower level."""
        self._begin(at)
        self._open(agent)
        data = {"from": self.queue, "to": to, "reason": reason, "known": ""}
        self._move(to)
        self._record(agent, EntryType.RETURNED, data=data)

    def set_urgency(
        self, at: datetime, agent: DemoAgent, urgency: Urgency, promise: SlaAgreement
    ) -> None:
        """Change the urgency, and with it the priority and the SLA agreement.

        :param promise: the SLA agreement for the new priority.
        """
        self._begin(at)
        priority = MATRIX[self.impact, urgency]
        changes = [{"field": "urgency", "from": self.urgency, "to": urgency}]
        if priority is not self.priority:
            changes.append({"field": "priority", "from": self.priority, "to": priority})
        self.urgency, self.priority = urgency, priority
        self.promise = promise
        self._record(
            agent, EntryType.CHANGED, data={"changes": changes, "promise": promise.as_data()}
        )

    def resolve(self, at: datetime, agent: DemoAgent, text: str, article: str | None) -> None:
        """Resolve the ticket with an answer.

        :param article: the path of the article that was used, or None.
        """
        self._begin(at)
        self._take(agent)
        if text:
            self._record(agent, EntryType.REPLIED, text, public=True)
        if article is not None:
            self.articles.setdefault(article, self.updated_at)
        self._set_state(State.RESOLVED)
        self.resolved_at = self.updated_at
        self._record(agent, EntryType.RESOLVED, data={"article": article or ""})

    def close(self, at: datetime, agent: DemoAgent | None) -> None:
        """Close the ticket; ``agent`` is None if the desk closes it by itself."""
        self._begin(at)
        self._set_state(State.CLOSED)
        self.closed_at = self.updated_at
        self._record(agent, EntryType.CLOSED)

    def rate(self, at: datetime, agent: DemoAgent | None, score: int) -> None:
        """Record the requester's satisfaction score (1 to 5)."""
        self._begin(at)
        self.csat = score
        self._record(agent, EntryType.RATED, data={"score": score})

    def reopen(self, at: datetime, agent: DemoAgent, reason: str) -> None:
        """Reopen the ticket."""
        self._begin(at)
        self._set_state(State.OPEN)
        self.resolved_at = self.closed_at = None
        self.reopenings += 1
        self._record(agent, EntryType.REOPENED, reason)

    def merge(self, at: datetime, agent: DemoAgent, into: "DemoTicket") -> None:
        """Resolve the ticket as a duplicate of ``into``."""
        self._begin(at)
        self.duplicate_of = into.number
        self._record(
            agent, EntryType.LINKED, data={"kind": LinkKind.DUPLICATE, "to": ref(into.number)}
        )
        self._take(agent)
        self._set_state(State.RESOLVED)
        self.resolved_at = self.updated_at
        self._record(agent, EntryType.MERGED, data={"into": ref(into.number)})
        into.join(self.updated_at, agent, self)

    def join(self, at: datetime, agent: DemoAgent, duplicate: "DemoTicket") -> None:
        """Record that a duplicate was merged into this ticket."""
        self._begin(at)
        data = {"duplicate": ref(duplicate.number), "subject": duplicate.subject}
        self._record(agent, EntryType.JOINED, data=data)

    def _begin(self, at: datetime) -> None:
        self.version += 1
        self.updated_at = max(at, self.updated_at)

    def _record(
        self,
        actor: DemoAgent | None,
        entry: EntryType,
        text: str = "",
        *,
        public: bool = False,
        data: dict[str, Any] | None = None,
    ) -> None:
        self.events.append(
            {
                "ticket_id": self.number,
                "at": self.updated_at,
                "actor_id": actor.id if actor else None,
                "type": entry,
                "public": public,
                "text": text,
                "data": {**(data or {}), "version": self.version},
            }
        )

    def _set_state(self, state: State) -> None:
        self.state = state
        self.waiting_on = self.waiting_until = None

    def _open_if_new(self) -> None:
        if self.state is State.NEW:
            self._set_state(State.OPEN)

    def _open(self, agent: DemoAgent) -> None:
        if self.state is State.PENDING:
            self._record(agent, EntryType.RESUMED)
        if self.state is not State.OPEN:
            self._set_state(State.OPEN)

    def _take(self, agent: DemoAgent) -> None:
        if self.assignee is None:
            self.assignee = agent
            self._record(agent, EntryType.CLAIMED, data={"to": agent.login})

    def _move(self, to: Level) -> None:
        self.queue = to
        self.assignee = None
        self.hand_overs += 1
