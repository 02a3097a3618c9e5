"""In which groups tickets were at a time: whose they were, at which level, of which priority, …

Of what happened in the same second as an answer or a resolution, claims count as before it, and
hand-overs and changed fields as after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket_fields import GROUPED
from helpdesk.report.by import GroupBy
from helpdesk.report.counting import CountedSpan
from helpdesk.report.groups import PLACES, QUEUE
from helpdesk.store import report_facts
from helpdesk.store.database import visibility
from helpdesk.store.people import people

AGENT = PLACES[GroupBy.AGENT]
_FIELD_PLACES = {each.name: place for place, each in enumerate(GROUPED)}
#: Who is the assignee after these; after a release and a hand-over nobody is.
_GIVES = (EntryType.CLAIMED, EntryType.ASSIGNED)


@dataclass(slots=True)
class FieldHistory:
    """The changes of a ticket's fields and of its assignee, oldest first.

    :ivar fields: (when, place in the groups, value before, value after).
    :ivar assignees: (when, whether nobody had it afterwards, row number of the assignee).
    """

    fields: list[tuple[int, int, Any, Any]] = field(default_factory=list)
    assignees: list[tuple[int, bool, int | None]] = field(default_factory=list)


class FormerGroups:
    """The former groups of many tickets, by their changes since a period began."""

    def __init__(
        self,
        session: Session,
        span: CountedSpan,
        moves: Mapping[int, Sequence[Any]],
        by: GroupBy | None,
    ) -> None:
        """Read the changes.

        :param moves: rows of ``report_facts.hand_overs`` by ticket.
        :param by: the property that is asked for; others than those of tickets logged may be wrong.
        """
        self.are_asked_for = by is not None and not by.is_time
        self._logged_by: dict[int, int | None] | None = None
        self._histories: dict[int, FieldHistory] = {}
        self._agents = {agent.login: agent.id for agent in people.agents(session)}
        self._names = _Names(session)
        since = span.start
        if self.are_asked_for:
            first = report_facts.first_answer_of_due(session, span.start, span.end)
            since = min(since, first if first is not None else since)
        for number, rows in moves.items():
            self._of(number).fields += [(row[2], QUEUE, row[4], row[5]) for row in rows]
        for number, _, at, data in report_facts.field_changes(session, since):
            self._of(number).fields += self.changes_in(at, data)
        if by is GroupBy.AGENT:
            self._read_agents(session, span, moves)
        for history in self._histories.values():
            history.fields.sort(key=lambda change: change[0])

    def _of(self, number: int) -> FieldHistory:
        return self._histories.setdefault(number, FieldHistory())

    def _read_agents(
        self, session: Session, span: CountedSpan, moves: Mapping[int, Sequence[Any]]
    ) -> None:
        loggers = report_facts.loggers(session, span.start, span.end)
        self._logged_by = dict(map(tuple, loggers))
        entries: dict[int, list[tuple[int, int, EntryType, str]]] = {}
        for number, entry, at, kind, login in report_facts.assignments(session):
            entries.setdefault(number, []).append((entry, at, kind, login))
        for number, rows in moves.items():
            entries.setdefault(number, []).extend((row[1], row[2], row[3], "") for row in rows)
        for number, found in entries.items():
            self._of(number).assignees = [
                self.assignee_after(at, kind, login) for _, at, kind, login in sorted(found)
            ]

    def changes_in(self, at: int, data: Mapping[str, Any]) -> Iterable[tuple[int, int, Any, Any]]:
        """Yield the changes of groups that the data of an entry ``changed`` tells."""
        for change in data.get("changes", ()):
            place = _FIELD_PLACES.get(change["field"])
            if place is not None:
                name = change["field"]
                before, after = change.get("from", ""), change.get("to", "")
                yield at, place, self._names.key(name, before), self._names.key(name, after)

    def assignee_after(
        self, at: int, entry: EntryType, login: str | None
    ) -> tuple[int, bool, int | None]:
        """Return the element of ``FieldHistory.assignees`` for an entry."""
        if entry not in _GIVES:
            return at, True, None
        return at, False, self._agents.get(login or "")

    def at_logging(self, number: int, now: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the groups of a ticket as it was logged; the agent is who logged it."""
        return self.logged(number, self._histories.get(number), now)

    def logged(
        self, number: int, history: FieldHistory | None, now: tuple[Any, ...]
    ) -> tuple[Any, ...]:
        """Return the groups of a ticket with this history as it was logged."""
        if history is None and self._logged_by is None:
            return now
        groups = list(now)
        if history is not None:
            for _, place, before, _ in reversed(history.fields):
                groups[place] = before
        if self._logged_by is not None:
            groups[AGENT] = self._logged_by.get(number)
        return tuple(groups)

    def at(self, number: int, now: tuple[Any, ...], moment: int) -> tuple[Any, ...]:
        """Return the groups of a ticket at a moment, if groups are asked for."""
        history = self._histories.get(number) if self.are_asked_for else None
        return now if history is None else groups_at(history, now, moment)


def groups_at(history: FieldHistory, now: tuple[Any, ...], moment: int) -> tuple[Any, ...]:
    """Return the groups at a moment of a ticket with this history."""
    fields, assignees = history.fields, history.assignees
    later = [change for change in fields if change[0] >= moment]
    unchanged = not assignees or assignees[-1][0] <= moment
    if not later and unchanged:
        return now
    groups = list(now)
    for _, place, before, _ in reversed(later):
        groups[place] = before
    if not unchanged or (assignees and assignees[-1][1] and assignees[-1][0] == moment):
        groups[AGENT] = assignee_at(assignees, moment)
    return tuple(groups)


def assignee_at(assignees: Sequence[tuple[int, bool, int | None]], moment: int) -> int | None:
    """Return who had the ticket; a hand-over in the same second came after."""
    held = None
    for at, nobody, agent in assignees:
        if at < moment or (at == moment and not nobody):
            held = agent
    return held


class _Names:
    """Translates what the timeline names to what groups a ticket: row numbers or words."""

    def __init__(self, session: Session) -> None:
        self._known = {
            "customer": {each.name: each.id for each in people.every_customer(session)},
            "service": {each.name: each.id for each in people.services(session)},
        }
        self._hidden = visibility.hidden_names(session)

    def key(self, name: str, value: str) -> Any:
        if not value or value in self._hidden:
            return None
        known = self._known.get(name)
        return known.get(value, value) if known is not None else value
