"""Turn an imported ticket into timeline entries, as the desk's own actions record them.

What the other program counted without dates (hand-overs, for example) becomes one entry with the
count.  What the file says of a time or a number wins over what its rows suggest.  Every entry
carries ``"imported": true``; the first one names the origin of the ticket.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from helpdesk.desk.exchange.import_agents import ImportAgents
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import FINISHED_STATES, State, Waiting
from helpdesk.exchange.source import Comment, Sender, SourceTicket, StateChange

#: Entries after which an earlier resolution can still be put: they change no state.
_STATELESS = frozenset(
    {EntryType.NOTED, EntryType.MOVED, EntryType.ASSIGNED, EntryType.ESCALATED, EntryType.RETURNED}
)


class ImportedTimeline:
    """The entries of one imported ticket, as rows to be inserted, and its state after them.

    :ivar assignee: the row number and login of the assignee.
    :ivar moved: how many hand-overs there were.
    :ivar reopened: how often the ticket was reopened.
    """

    def __init__(
        self, ticket: SourceTicket, agents: ImportAgents, promise: dict[str, Any], now: datetime
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
        self._waiting_word = ""
        self._at = ticket.created_at
        self._pending_comments = list(ticket.comments)
        self._log(promise, now)
        self._add_first_answer()
        if ticket.state_changes:
            self._add_from_states(ticket.state_changes)
        else:
            self._add_from_current_state()
        self._add_comments_until(None)
        if ticket.csat is not None and self.state in FINISHED_STATES:
            self._add(self._at, EntryType.RATED, data={"score": ticket.csat})
        for version, entry in enumerate(self.entries, 1):
            entry["data"]["version"] = version

    def release(self) -> None:
        """Take the ticket from its assignee, who may not have it here."""
        if self.assignee is not None:
            self._add(self._at, EntryType.RELEASED, data={"from": self.assignee[1]})
            self.entries[-1]["data"]["version"] = len(self.entries)
            self.assignee = None

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
        verdicts = {"sla_met": ticket.sla_met, "response_met": ticket.response_met}
        data |= {name: verdict for name, verdict in verdicts.items() if verdict is not None}
        if ticket.responded_at is not None:
            data["responded_at"] = max(ticket.created_at, ticket.responded_at).isoformat()
        first = ticket.state_changes[0].queue if ticket.state_changes else ticket.queue
        if first is not Level.L1:
            data["queue"] = first
        self._add(ticket.created_at, EntryType.LOGGED, public=True, data=data)

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
        self.entries.append(
            self._row(self._at, entry, text, author=author, public=public, data=data)
        )

    def _row(
        self,
        at: datetime,
        entry: EntryType,
        text: str,
        *,
        author: str = "",
        public: bool = False,
        data: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        agent = self._agents.find(author)
        foreign_author = {"by": author} if author and agent is None else {}
        return {
            "at": at,
            "actor_id": agent[0] if agent else None,
            "type": entry,
            "public": public,
            "text": text,
            "data": {**(data or {}), **foreign_author, "imported": True},
        }

    def _add_first_answer(self) -> None:
        """Note the first answer that the file dates, unless one of its comments is it."""
        at = self._ticket.responded_at
        comments = self._pending_comments
        if at is None or any(one.at == at and self._is_answer(one) for one in comments):
            return
        comments.append(Comment(at, "", "", public=True, sender=Sender.AGENT))
        comments.sort(key=lambda comment: comment.at)

    def _is_answer(self, comment: Comment) -> bool:
        """Whether a comment is an answer by a person of the desk to the requester."""
        if not comment.public or comment.sender in (Sender.REQUESTER, Sender.AUTOMATIC):
            return False
        return bool(comment.author) or comment.sender is Sender.AGENT

    def _add_comments_until(self, at: datetime | None) -> None:
        """Add the comments written until ``at``; None adds all that are left."""
        comments = self._pending_comments
        while comments and (at is None or comments[0].at <= at):
            comment = comments.pop(0)
            author = comment.author
            if self._is_answer(comment):
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
        self.reopened = ticket.reopenings or 0
        match ticket.state:
            case State.RESOLVED | State.CLOSED:
                at = ticket.resolved_at or ticket.closed_at or ticket.updated_at
                self._add_comments_until(at)
                self._resolve(at)
                if ticket.state is State.CLOSED:
                    self._close(ticket.closed_at or at)
            case State.PENDING:
                self._add_comments_until(ticket.updated_at)
                self._pend(ticket.updated_at, ticket.waiting, ticket.waiting_word)
            case state:
                self.state = state

    def _add_from_states(self, states: tuple[StateChange, ...]) -> None:
        """Add the entries of a ticket of which the file holds a row for each of its states."""
        first = states[0]
        before = StateChange(
            at=first.at,
            state=State.NEW,
            group=first.group,
            queue=first.queue,
            assignee="",
            waiting=first.waiting,
            waiting_word="",
            hand_overs=0 if first.hand_overs is not None else None,
            reopenings=0 if first.reopenings is not None else None,
        )
        self._advance(before, first, states[1:])
        for position, (before, now) in enumerate(pairwise(states), 2):
            self._advance(before, now, states[position:])

    def _advance(
        self, before: StateChange, now: StateChange, later: tuple[StateChange, ...]
    ) -> None:
        """Add the entries that lead from one row of the file to the next."""
        self._add_comments_until(now.at)
        self._hand_over(before, now)
        for _ in range(_reopenings(before, now)):
            if self.state.is_active:
                self._resolve(now.at)
            self._reopen(now.at)
        self._assign(now.assignee, now.at)
        self._change_state(now, later)

    def _hand_over(self, before: StateChange, now: StateChange) -> None:
        """Add the hand-overs between two rows: to another level, and between groups."""
        changed_level = before.queue is not now.queue
        if now.hand_overs is not None:
            count = max(0, now.hand_overs - (before.hand_overs or 0))
        else:
            changed_group = bool(before.group and now.group) and before.group != now.group
            count = int(changed_level or changed_group)
        if changed_level:
            up = before.queue < now.queue
            kind = EntryType.ESCALATED if up else EntryType.RETURNED
            reason = f"imported: {now.group}" if now.group else "imported"
            data = {"from": before.queue, "to": now.queue, "reason": reason}
            self._add(now.at, kind, data=data)
            self.moved += min(1, count)
            count -= min(1, count)
        if count:
            self._move(now.at, before.group, now.group, count)

    def _change_state(self, now: StateChange, later: tuple[StateChange, ...]) -> None:
        if now.state in FINISHED_STATES:
            if _goes_on(now, later):
                return  # The resolution was undone, but not counted as a reopening.
            if self.state.is_active:
                self._resolve_between(now, later)
            is_closed = _ends_as(now, later) is State.CLOSED
            if now.state is State.CLOSED and is_closed and self.state is not State.CLOSED:
                self._close(self._closed_after(now, later))
        elif now.state is State.PENDING:
            reason = (now.waiting, now.waiting_word)
            if self.state is not State.PENDING or reason != (self.waiting_on, self._waiting_word):
                self._pend(now.at, *reason)
        elif self.state is State.PENDING:
            self._add(now.at, EntryType.RESUMED)
            self.state, self.waiting_on = State.OPEN, None
        elif now.state is State.OPEN and self.state is State.NEW:
            self.state = State.OPEN

    def _resolve_between(self, now: StateChange, later: tuple[StateChange, ...]) -> None:
        """Resolve at the time that the file says for the last resolution, else at this row's."""
        at = self._ticket.resolved_at
        is_last = not any(state.state.is_active for state in later)
        if at is None or not is_last:
            self._resolve(now.at)
        elif at >= self._at:
            self._resolve(at)
        else:
            self._resolve_earlier(max(at, self._ticket.created_at))

    def _resolve_earlier(self, at: datetime) -> None:
        """Resolve before entries that change no state; never before one that does."""
        position = len(self.entries)
        while position > 1 and self.entries[position - 1]["at"] > at:
            if self.entries[position - 1]["type"] not in _STATELESS:
                break
            position -= 1
        at = max(at, self.entries[position - 1]["at"])
        agent = self._ticket.assignee
        row = self._row(at, EntryType.RESOLVED, "", author=agent, data={"article": ""})
        self.entries.insert(position, row)
        self.state, self.waiting_on, self.resolved_at = State.RESOLVED, None, at

    def _closed_after(self, now: StateChange, later: tuple[StateChange, ...]) -> datetime:
        at = self._ticket.closed_at
        is_last = not any(state.state.is_active for state in later)
        return at if at is not None and is_last and at >= self._at else now.at

    def _assign(self, name: str, at: datetime) -> None:
        agent = self._agents.find(name)
        if agent is not None and agent != self.assignee:
            before = self.assignee[1] if self.assignee else ""
            self._add(at, EntryType.ASSIGNED, data={"from": before, "to": agent[1]})
            self.assignee = agent

    def _move(self, at: datetime, source: str, target: str, count: int) -> None:
        self.moved += count
        self._add(at, EntryType.MOVED, data={"from": source, "to": target, "count": count})

    def _pend(self, at: datetime, on: Waiting, word: str) -> None:
        self._add(at, EntryType.PENDED, word, data={"on": on, "until": ""})
        self.state, self.waiting_on, self._waiting_word = State.PENDING, on, word

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


def _reopenings(before: StateChange, now: StateChange) -> int:
    """Return how often a ticket was reopened between two rows, as the file counts or shows it."""
    if now.reopenings is not None:
        return max(0, now.reopenings - (before.reopenings or 0))
    return int(before.state in FINISHED_STATES and now.state.is_active)


def _ends_as(now: StateChange, later: tuple[StateChange, ...]) -> State:
    """Return the last of the finished states that begin with a row."""
    last = now.state
    for state in later:
        if state.state.is_active:
            break
        last = state.state
    return last


def _goes_on(now: StateChange, later: tuple[StateChange, ...]) -> bool:
    """Whether work on a resolved ticket goes on later without counting as a reopening."""
    if now.reopenings is None:
        return False
    for state in later:
        if (state.reopenings or 0) > now.reopenings:
            return False
        if state.state.is_active:
            return True
    return False
