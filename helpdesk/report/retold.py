"""Tickets that were reopened or had an action undone, told again as they stood at a time."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.sla.clock import ClockName, ClockReading
from helpdesk.report.counting import CountedSpan, Counting, Sink, TicketRow, count
from helpdesk.report.facts import ClockFact, TicketFacts
from helpdesk.report.former_groups import AGENT, FieldHistory, FormerGroups, assignee_at
from helpdesk.report.groups import QUEUE
from helpdesk.report.levels_visited import levels_of
from helpdesk.store import report_facts


class TimelineReplay(Protocol):
    """Tells what the entries of a timeline mean."""

    def standing(self, entries: Sequence[Any]) -> Sequence[Any]:
        """Return the entries that were not undone by one of the others."""

    def clocks(self, entries: Sequence[Any], at: datetime) -> Mapping[ClockName, ClockReading]:
        """Return the clocks of a ticket with these entries, as they stood at a time."""

    def paused_by(self, on: str) -> frozenset[ClockName]:
        """Return the clocks that waiting on somebody pauses."""


class RetoldTickets:
    """The timelines of the tickets that are told again."""

    def __init__(
        self,
        timelines: Mapping[int, Sequence[Any]],
        groups: FormerGroups,
        replay: TimelineReplay,
    ) -> None:
        """Take rows of ``report_facts.timelines`` by ticket."""
        self._timelines = timelines
        self._groups = groups
        self._replay = replay

    def __contains__(self, number: int) -> bool:
        """Whether a ticket is told again."""
        return number in self._timelines

    def groups_at(self, number: int, now: tuple[Any, ...], moment: int) -> tuple[Any, ...]:
        """Return the groups of a ticket that is told again at a moment, if they are asked for."""
        groups = _RetoldGroups(self._timelines[number], self._groups, self._replay)
        return groups.at(number, now, moment)

    def count(
        self,
        sink: Sink,
        ticket: TicketRow,
        clocks: tuple[ClockFact | None, ...],
        spans: Sequence[CountedSpan],
    ) -> None:
        """Pass on what counts of a ticket in each period.

        :param clocks: its stored clocks.
        """
        timeline = self._timelines[ticket.number]
        times = [int(entry.at.timestamp()) for entry in timeline]
        dues = [clock.due_at for clock in clocks if clock and clock.due_at is not None]
        latest = max([*times, *dues])
        whole = _Told.read(timeline, self._replay)
        groups = _RetoldGroups(timeline, self._groups, self._replay)
        first_queue = groups.at_logging(ticket.number, ticket.groups)[QUEUE]
        for place, span in enumerate(spans):
            if ticket.created >= span.end or (ticket.resolved is not None and span.start > latest):
                continue
            before = timeline[: bisect_left(times, span.end)]
            told, then = whole, clocks
            if len(before) < len(timeline):
                told = _Told.read(before, self._replay)
                readings = self._replay.clocks(before, datetime.fromtimestamp(span.end, UTC))
                then = tuple(_clock(readings.get(name)) for name in ClockName)
            visited, escalated = levels_of(told.moves, first_queue)
            facts = TicketFacts(
                ticket.number,
                ticket.created,
                told.resolved_at,
                span.as_of,
                ticket.hand_overs - len(whole.moves) + len(told.moves),
                ticket.reopenings - whole.reopenings + told.reopenings,
                then,
                ticket.answered,
                ticket.duplicate,
                visited,
                escalated,
                merged=told.merged,
            )
            to = Counting(sink, (place,), span, ticket.groups, groups)
            count(to, facts, told.outcomes)


@dataclass(frozen=True, slots=True)
class _Told:
    """What the entries of a timeline tell.

    :ivar resolved_at: when its work ended, if it has not begun again.
    :ivar merged: whether it ended by a merge, which is no outcome.
    :ivar outcomes: its resolutions and reopenings, as (when, whether it is a reopening).
    :ivar moves: its hand-overs, as (type, from, to).
    """

    resolved_at: int | None
    merged: bool
    outcomes: tuple[tuple[int, bool], ...]
    moves: tuple[tuple[EntryType, str, str], ...]

    @property
    def reopenings(self) -> int:
        return sum(reopened for _, reopened in self.outcomes)

    @classmethod
    def read(cls, entries: Sequence[Any], replay: TimelineReplay) -> "_Told":
        outcomes: list[tuple[int, bool]] = []
        moves = []
        ended: int | None = None
        merged = False
        for entry in replay.standing(entries):
            at = int(entry.at.timestamp())
            if entry.type.ends_work:
                ended, merged = at, not entry.type.is_resolution
                outcomes += [] if merged else [(at, False)]
            elif entry.type is EntryType.REOPENED:
                ended, merged = None, False
                outcomes += [] if "left" in entry.data else [(at, True)]
            elif entry.type.is_hand_over:
                moves.append((entry.type, entry.data["from"], entry.data["to"]))
        return cls(ended, merged, tuple(outcomes), tuple(moves))


class _RetoldGroups:
    """In which groups a ticket was, by the entries that stood at each moment."""

    def __init__(
        self, timeline: Sequence[Any], groups: FormerGroups, replay: TimelineReplay
    ) -> None:
        self._timeline = timeline
        self._groups = groups
        self._replay = replay
        self._whole = self._history(timeline)
        self._times = [int(entry.at.timestamp()) for entry in timeline]

    def _history(self, entries: Sequence[Any]) -> FieldHistory:
        history = FieldHistory()
        for entry in entries:
            at = int(entry.at.timestamp())
            if entry.type.is_hand_over:
                history.fields.append((at, QUEUE, entry.data["from"], entry.data["to"]))
            elif entry.type is EntryType.CHANGED:
                history.fields += self._groups.changes_in(at, entry.data)
            if entry.type.is_hand_over or entry.type in report_facts.ASSIGNMENTS:
                to = str(entry.data.get("to", ""))
                history.assignees.append(self._groups.assignee_after(at, entry.type, to))
        return history

    def at_logging(self, number: int, now: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the groups of the ticket as it was logged."""
        return self._groups.logged(number, self._whole, now)

    def at(self, number: int, now: tuple[Any, ...], moment: int) -> tuple[Any, ...]:
        """Return the groups of the ticket at a moment."""
        if not self._groups.are_asked_for:
            return now
        entries = self._timeline[: bisect_right(self._times, moment)]
        stood = self._history(self._replay.standing(entries))
        groups = list(self.at_logging(number, now))
        for at, place, _, after in stood.fields:
            if at < moment:
                groups[place] = after
        groups[AGENT] = now[AGENT]
        if self._whole.assignees:
            groups[AGENT] = assignee_at(stood.assignees, moment)
        return tuple(groups)


def _clock(reading: ClockReading | None) -> ClockFact | None:
    if reading is None:
        return None
    return ClockFact(
        _seconds(reading.due_at), reading.elapsed_s,
        _seconds(reading.met_at), _seconds(reading.breached_at),
    )  # fmt: skip


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())
