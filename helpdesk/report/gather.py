"""Reading the facts that a report counts from the store, as they stood at the period's end.

A ticket that was neither reopened nor had an action undone goes one way: its row and its clocks
tell how it stood at any time.  The others are told again from their timelines.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.domain.sla.clock import ClockName
from helpdesk.report.by import GroupBy
from helpdesk.report.counting import CountedSpan, Counting, Sink, TicketRow, count, places_of
from helpdesk.report.facts import ClockFact, Cohort, Rating, TicketFacts
from helpdesk.report.former_groups import FormerGroups
from helpdesk.report.groups import QUEUE, Grouping, grouping
from helpdesk.report.levels_visited import LevelsVisited
from helpdesk.report.period import ReportPeriod
from helpdesk.report.retold import RetoldTickets, TimelineReplay
from helpdesk.store import report_facts


@dataclass(frozen=True, slots=True)
class FactSource:
    """The source of a report's facts: one transaction and the current time.

    :ivar replay: tells what timelines mean.
    """

    session: Session
    now: datetime
    replay: TimelineReplay

    def count(
        self,
        sink: Sink,
        period: ReportPeriod,
        parts: Sequence[ReportPeriod] = (),
        by: GroupBy | None = None,
    ) -> None:
        """Pass on what counts in a period and in its parts, unordered.

        :param parts: all parts of the period, the earliest first; later ones may be missing.
        :param by: the property by which the facts are grouped.
        """
        now = int(self.now.timestamp())
        spans = [
            CountedSpan(int(each.start.timestamp()), int(each.end.timestamp()), now)
            for each in (period, *parts)
        ]
        _Gathering(self, spans, by).count(sink)

    def grouping(self, by: GroupBy) -> Grouping:
        """Return how tickets are grouped by a property."""
        return grouping(self.session, by)


class _Gathering:
    """What was read for one report."""

    def __init__(self, source: FactSource, spans: list[CountedSpan], by: GroupBy | None) -> None:
        self._session = source.session
        self._spans = spans
        self._ends = [span.end for span in spans[1:]]
        start, end = spans[0].start, spans[0].end
        moves = report_facts.by_ticket(report_facts.hand_overs(self._session, start, end))
        self._levels = LevelsVisited(moves)
        self._groups = FormerGroups(self._session, spans[0], moves, by)
        timelines = report_facts.by_ticket(report_facts.timelines(self._session, start, end))
        self._retold = RetoldTickets(timelines, self._groups, source.replay)
        self._replay = source.replay
        self._waits: dict[int, list[Any]] = {}
        if self._ends or end <= spans[0].now:
            self._waits = report_facts.by_ticket(report_facts.waits(self._session, end))

    def _paused_at(self, number: int, end: int) -> frozenset[ClockName]:
        """Return the clocks that a ticket's wait paused at a time."""
        on = None
        for _, at, waits_on in self._waits.get(number, ()):
            if at < end:
                on = waits_on
        return self._replay.paused_by(on) if on else frozenset()

    def count(self, sink: Sink) -> None:
        for row in report_facts.tickets(self._session, self._spans[0].start, self._spans[0].end):
            ticket = TicketRow(row[0], row[1:8], *row[8:15])
            clocks = (_clock(row, 15), _clock(row, 19), _clock(row, 23))
            if ticket.number in self._retold:
                self._retold.count(sink, ticket, clocks, self._spans)
            else:
                self._count_plain(sink, ticket, clocks)
        self._count_ratings(sink)

    def _count_plain(
        self, sink: Sink, ticket: TicketRow, clocks: tuple[ClockFact | None, ...]
    ) -> None:
        """Pass on what counts of a ticket that was never reopened, with nothing undone."""
        resolved = ticket.resolved
        facts: TicketFacts | None = None
        if resolved is not None and resolved < self._spans[0].end:
            facts = self._facts(ticket, clocks, resolved, self._spans[0].as_of)
        for places in places_of(self._spans, self._ends, ticket, clocks):
            span = self._spans[places[-1]]
            if facts is not None and resolved is not None and resolved < span.end:
                count(Counting(sink, places, span, ticket.groups, self._groups), facts)
                continue
            then = clocks
            if span.end <= span.now:
                paused = self._paused_at(ticket.number, span.end)
                then = tuple(
                    _as_of(clock, span.end, paused=name in paused)
                    for name, clock in zip(ClockName, clocks, strict=True)
                )
            as_it_stood = self._facts(ticket, then, None, span.as_of)
            count(Counting(sink, places, span, ticket.groups, self._groups), as_it_stood)

    def _facts(
        self,
        ticket: TicketRow,
        clocks: tuple[ClockFact | None, ...],
        resolved: int | None,
        as_of: int,
    ) -> TicketFacts:
        visited, escalated = self._levels.of(ticket.number, ticket.groups[QUEUE])
        return TicketFacts(
            ticket.number, ticket.created, resolved, as_of, ticket.hand_overs, ticket.reopenings,
            clocks, ticket.answered, ticket.duplicate, visited, escalated,
            merged=resolved is not None and ticket.merged,
        )  # fmt: skip

    def _count_ratings(self, sink: Sink) -> None:
        """Pass on the last rating of each ticket in each period."""
        last: dict[tuple[int, int], Row[*tuple[Any, ...]]] = {}
        for row in report_facts.ratings(self._session, self._spans[0].start, self._spans[0].end):
            number, at = row[:2]
            last[0, number] = row
            part = bisect_right(self._ends, at) + 1
            if part < len(self._spans):
                last[part, number] = row
        for (place, number), row in last.items():
            then = self._retold.groups_at if number in self._retold else self._groups.at
            groups = then(number, tuple(row[3:]), row[1])
            sink((place,), Cohort.RATED, number, Rating(row[2]), groups)


def _clock(row: Row[*tuple[Any, ...]], first: int) -> ClockFact | None:
    due, elapsed, met, breached = row[first : first + 4]
    return None if elapsed is None else ClockFact(due, elapsed, met, breached)


def _as_of(clock: ClockFact | None, end: int, *, paused: bool) -> ClockFact | None:
    """Return a clock of a ticket that was not resolved at ``end``, as it stood then.

    When a clock that was not overdue yet was due does not matter, as long as it was later.

    :param paused: whether the ticket's wait paused it.
    """
    if clock is None:
        return None
    met = clock.met_at if clock.met_at is not None and clock.met_at < end else None
    breached = clock.breached_at
    if breached is not None and breached >= end:
        breached = None
    due = clock.due_at
    if breached is not None:
        due = breached
    elif met is None and paused:
        due = None
    elif met is None and (clock.breached_at is not None or due is None):
        due = end
    return ClockFact(due, clock.elapsed_s, met, breached)
