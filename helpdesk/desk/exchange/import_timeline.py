"""Turn an imported ticket into timeline entries, as the desk's own actions record them.

What the other program counted without dates (hand-overs, for example) becomes one entry with the
count.  Every entry carries ``"imported": true``; the first one names the origin of the ticket.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import FINISHED_STATES, State, Waiting
from helpdesk.exchange.source import SourceTicket, StateChange

#: The row number and login of an agent, by the name that the other program uses.
Agents = Mapping[str, tuple[int, str]]


class ImportedTimeline:
    """The entries of one imported ticket, as rows to be inserted, and its state after them.

    :ivar assignee: the row number and login of the assignee.
    :ivar moved: how many hand-overs there were.
    :ivar reopened: how often the ticket was reopened.
    """

    def __init__(
        self, ticket: SourceTicket, agents: Agents, promise: dict[str, Any], now: datetime
    ) -> None:
        self._ticket = ticket
        self._agents = agents
        self.entries: list[dict[str, Any]] = []
        self.state = State.NEW
        self.waiting_on: Waiting | None = None
        self.resolved_at: datetime | None = None
        self.closed_at: datetime | None = None
        self.assignee: tuple[int, str] | None = None
        self.moved = 0
        self.reopened = 0
        self._at = ticket.created_at
        self._pending_comments = list(ticket.comments)
        self._log(promise, now)
        if ticket.state_changes:
            self._add_from_states(ticket.state_changes)
        else:
            self._add_from_current_state()
        self._add_comments_until(None)
        if ticket.csat is not None and self.state in FINISHED_STATES:
            self._add(self._at, EntryType.RATED, data={"score": ticket.csat})

    @property
    def updated_at(self) -> datetime:
        """The time of the last entry (UTC)."""
        return self._at

    def _log(self, promise: dict[str, Any], now: datetime) -> None:
        ticket = self._ticket
        data: dict[str, Any] = {
            "channel": ticket.channel,
            "promise": promise,
            "imported_at": now.isoformat(),
            "source_id": ticket.source_id,
            "group": ticket.group,
            "assignee": ticket.assignee,
        }
        if ticket.sla_met is not None:
            data["sla_met"] = ticket.sla_met
        self._add(ticket.created_at, EntryType.LOGGED, public=True, data=data)
        if ticket.queue is not Level.L1:
            # A ticket begins at L1; the level that it has now comes from its group.
            data = {"from": Level.L1, "to": ticket.queue, "reason": f"imported: {ticket.group}"}
            self._add(ticket.created_at, EntryType.ESCALATED, data=data)

    def _add(
        self,
        at: datetime,
        entry: EntryType,
        text: str = "",
        *,
        author: str = "",
        public: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self._at = max(self._at, at)
        agent = self._agents.get(author.casefold())
        foreign_author = {"by": author} if author and agent is None else {}
        self.entries.append(
            {
                "at": self._at,
                "actor_id": agent[0] if agent else None,
                "type": entry,
                "public": public,
                "text": text,
                "data": {
                    **(data or {}),
                    **foreign_author,
                    "imported": True,
                    "version": len(self.entries) + 1,
                },
            }
        )

    def _add_comments_until(self, at: datetime | None) -> None:
        """Add the comments written until ``at``; None adds all that are left."""
        comments = self._pending_comments
        while comments and (at is None or comments[0].at <= at):
            comment = comments.pop(0)
            author = comment.author
            from_agent = author.casefold() in self._agents or (
                author.casefold() not in self._ticket.requester.casefold()
            )
            if comment.public and from_agent:
                self._add(comment.at, EntryType.REPLIED, comment.text, author=author, public=True)
                if self.state is State.NEW:
                    self.state = State.OPEN
            else:
                # What the requester wrote, and internal notes.
                self._add(comment.at, EntryType.NOTED, comment.text, author=author)

    def _add_from_current_state(self) -> None:
        """Add the entries of a ticket of which the file holds one row, with its latest state."""
        ticket = self._ticket
        self._assign(ticket.assignee, ticket.created_at)
        if ticket.hand_overs:
            self._move(ticket.created_at, "", ticket.group, ticket.hand_overs)
        self.reopened = ticket.reopenings
        if ticket.responded_at is not None:
            answered = [comment.at for comment in ticket.comments if comment.public]
            if not any(at <= ticket.responded_at for at in answered):
                self._add_comments_until(ticket.responded_at)
                self._add(ticket.responded_at, EntryType.REPLIED, public=True)
        match ticket.state:
            case State.RESOLVED | State.CLOSED:
                at = ticket.resolved_at or ticket.closed_at or ticket.updated_at
                self._add_comments_until(at)
                self._resolve(at)
                if ticket.state is State.CLOSED:
                    self._close(ticket.closed_at or at)
            case State.PENDING:
                self._add_comments_until(ticket.updated_at)
                self._pend(ticket.updated_at)
            case state:
                self.state = state

    def _add_from_states(self, states: tuple[StateChange, ...]) -> None:
        """Add the entries of a ticket of which the file holds a row for each of its states."""
        first = states[0]
        self._advance(StateChange(first.at, State.NEW, first.group, "", 0, 0), first, states[1:])
        for position, (before, now) in enumerate(pairwise(states), 2):
            self._advance(before, now, states[position:])

    def _advance(
        self, before: StateChange, now: StateChange, later: tuple[StateChange, ...]
    ) -> None:
        """Add the entries that lead from one row of the file to the next."""
        self._add_comments_until(now.at)
        if now.hand_overs > before.hand_overs:
            count = now.hand_overs - before.hand_overs
            self._move(now.at, before.group, now.group, count)
        for _ in range(now.reopenings - before.reopenings):
            if self.state.is_active:
                self._resolve(now.at)
            self._reopen(now.at)
        self._assign(now.assignee, now.at)
        self._change_state(now, later)

    def _change_state(self, now: StateChange, later: tuple[StateChange, ...]) -> None:
        if now.state in FINISHED_STATES:
            if _goes_on(now, later):
                return  # The resolution was undone, but not counted as a reopening.
            if self.state.is_active:
                self._resolve(self._resolved_between(now, later))
            if now.state is State.CLOSED and self.state is not State.CLOSED:
                self._close(now.at)
        elif now.state is State.PENDING:
            if self.state is not State.PENDING:
                self._pend(now.at)
        elif self.state is State.PENDING:
            self._add(now.at, EntryType.RESUMED)
            self.state, self.waiting_on = State.OPEN, None
        elif now.state is State.OPEN and self.state is State.NEW:
            self.state = State.OPEN

    def _resolved_between(self, now: StateChange, later: tuple[StateChange, ...]) -> datetime:
        """Return the ticket's time of resolution if it lies within this state, else its start."""
        at = self._ticket.resolved_at
        until = later[0].at if later else None
        if at is not None and at >= self._at and (until is None or at <= until):
            return at
        return now.at

    def _assign(self, name: str, at: datetime) -> None:
        agent = self._agents.get(name.casefold()) if name else None
        if agent is not None and agent != self.assignee:
            before = self.assignee[1] if self.assignee else ""
            self._add(at, EntryType.ASSIGNED, data={"from": before, "to": agent[1]})
            self.assignee = agent

    def _move(self, at: datetime, source: str, target: str, count: int) -> None:
        self.moved += count
        self._add(at, EntryType.MOVED, data={"from": source, "to": target, "count": count})

    def _pend(self, at: datetime) -> None:
        self._add(at, EntryType.PENDED, data={"on": Waiting.REQUESTER, "until": ""})
        self.state, self.waiting_on = State.PENDING, Waiting.REQUESTER

    def _resolve(self, at: datetime) -> None:
        self._add(at, EntryType.RESOLVED, author=self._ticket.assignee, data={"article": ""})
        self.state, self.waiting_on, self.resolved_at = State.RESOLVED, None, self._at

    def _close(self, at: datetime) -> None:
        self._add(at, EntryType.CLOSED)
        self.state, self.closed_at = State.CLOSED, self._at

    def _reopen(self, at: datetime) -> None:
        self._add(at, EntryType.REOPENED)
        self.reopened += 1
        self.state, self.resolved_at, self.closed_at = State.OPEN, None, None


def _goes_on(now: StateChange, later: tuple[StateChange, ...]) -> bool:
    """Whether work on a resolved ticket goes on later without counting as a reopening."""
    for state in later:
        if state.reopenings > now.reopenings:
            return False
        if state.state.is_active:
            return True
    return False
