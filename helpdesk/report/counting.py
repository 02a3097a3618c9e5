"""What of a ticket, as it stood, counts in a period."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from helpdesk.domain.sla.clock import ClockName
from helpdesk.report.facts import (
    CLOCK_COHORTS,
    ClockFact,
    Cohort,
    DueClock,
    Fact,
    LeftOut,
    TicketFacts,
)


class CountedSpan(NamedTuple):
    """A period ``[start, end)`` and the present, in seconds since 1970 (UTC)."""

    start: int
    end: int
    now: int

    @property
    def as_of(self) -> int:
        """Until when things count: the period's end, or the present if that is earlier."""
        return min(self.end, self.now)


class TicketRow(NamedTuple):
    """A row of ``report_facts.tickets``, without its clocks."""

    number: int
    groups: tuple[Any, ...]
    created: int
    resolved: int | None
    hand_overs: int
    reopenings: int
    answered: bool
    duplicate: bool
    merged: bool


class Sink(Protocol):
    """Takes what counts."""

    def __call__(
        self,
        places: tuple[int, ...],
        cohort: Cohort,
        number: int,
        fact: Fact,
        groups: tuple[Any, ...],
        /,
    ) -> None:
        """Take something that counts.

        :param places: in which periods: 0 for the whole one, 1 and so on for its parts.
        :param number: the number of the ticket.
        :param groups: the ticket's value of each field of ``ticket_fields.GROUPED`` at the moment
            that counts.  Service, customer and agent are row numbers or None.
        """


class GroupsThen(Protocol):
    """Tells in which groups a ticket was at a time; the present ones are given."""

    def at_logging(self, number: int, now: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return the groups of a ticket as it was logged; ``now`` are its present ones."""

    def at(self, number: int, now: tuple[Any, ...], moment: int) -> tuple[Any, ...]:
        """Return the groups of a ticket at a moment; ``now`` are its present ones."""


_NAMES = tuple(ClockName)
_COHORTS = {name: cohort for cohort, name in CLOCK_COHORTS.items()}
_IN_TIME = {name: DueClock(name) for name in ClockName}
_LATE = {name: DueClock(name, late=True) for name in ClockName}
_LEFT_OUT = {
    (name, why): DueClock(name, left_out=why)
    for name in ClockName
    for why in (LeftOut.PAUSED, LeftOut.LATER)
}


class Counting(NamedTuple):
    """How what of a ticket counts is passed on.

    :ivar places: the places of the periods in which the same counts; ``span`` is one of them.
    :ivar groups: the ticket's present groups.
    """

    sink: Sink
    places: tuple[int, ...]
    span: CountedSpan
    groups: tuple[Any, ...]
    then: GroupsThen

    def pass_on(self, cohort: Cohort, number: int, fact: Fact, moment: int) -> None:
        """Pass on something that counts for the groups at a moment."""
        at = self.then.at(number, self.groups, moment)
        self.sink(self.places, cohort, number, fact, at)


def count(
    to: Counting, facts: TicketFacts, outcomes: tuple[tuple[int, bool], ...] | None = None
) -> None:
    """Pass on what of a ticket counts in a period.

    :param outcomes: its resolutions and reopenings, as (when, whether it is a reopening); None if
        it has at most the one resolution.
    """
    start, end, _ = to.span
    number, resolved = facts.number, facts.resolved_at
    if facts.created_at >= end:
        return
    if start <= facts.created_at:
        logged = to.then.at_logging(number, to.groups)
        to.sink(to.places, Cohort.LOGGED, number, facts, logged)
    first = facts.clocks[0]
    if first is not None and first.met_at is not None and start <= first.met_at < end:
        to.pass_on(Cohort.ANSWERED, number, facts, first.met_at)
    if resolved is None:
        to.pass_on(Cohort.BACKLOG, number, facts, to.span.as_of)
    elif start <= resolved < end and not facts.merged:
        to.pass_on(Cohort.RESOLVED, number, facts, resolved)
        if outcomes is None:
            to.pass_on(Cohort.OUTCOMES, number, facts, resolved)
    for when, reopened in outcomes or ():
        if start <= when < end:
            to.pass_on(Cohort.OUTCOMES, number, _outcome(facts, reopened), when)
    for name, clock in zip(_NAMES, facts.clocks, strict=True):
        if clock is not None:
            _count_clock(to, facts, name, clock)


def _count_clock(to: Counting, facts: TicketFacts, name: ClockName, clock: ClockFact) -> None:
    """Pass on a clock if it was due in the period, and its breach if that happened in it."""
    number, breached, span = facts.number, clock.breached_at, to.span
    due = _counts_at(name, clock)
    is_open = facts.resolved_at is None
    if due is None or due >= span.as_of:
        # What was met before the period has nothing to do with it.
        if is_open or (clock.met_at is not None and clock.met_at >= span.start):
            why = LeftOut.PAUSED if due is None else LeftOut.LATER
            to.pass_on(_COHORTS[name], number, _LEFT_OUT[name, why], span.as_of)
    else:
        if breached is None and clock.met_at is None and is_open:
            breached = due
        if due >= span.start:
            moment = breached if breached is not None else clock.met_at
            outcome = _IN_TIME[name] if breached is None else _LATE[name]
            to.pass_on(_COHORTS[name], number, outcome, due if moment is None else moment)
    if breached is not None and span.start <= breached < span.end:
        to.pass_on(Cohort.BREACHES, number, _LATE[name], breached)


def _counts_at(name: ClockName, clock: ClockFact) -> int | None:
    """Return to which time a clock belongs: its last due time; None while it is paused.

    A next update that was ever late belongs to that time: later rounds do not make up for it.
    """
    due, breached = clock.due_at, clock.breached_at
    if breached is None or due is None:
        return due if breached is None else breached
    return breached if name is ClockName.NEXT_UPDATE else max(due, breached)


def _outcome(facts: TicketFacts, reopened: bool) -> TicketFacts:
    if not reopened:
        return facts
    values = {name: getattr(facts, name) for name in TicketFacts.__slots__}
    return TicketFacts(**{**values, "reopened": True})


def places_of(
    spans: Sequence[CountedSpan],
    ends: Sequence[int],
    ticket: TicketRow,
    clocks: Sequence[ClockFact | None],
) -> Iterator[tuple[int, ...]]:
    """Yield the places of the periods in which a ticket may count.

    Places stand together if the same of the ticket counts in all of them, for the last.

    :param spans: the period and its parts; ``ends`` are the ends of the parts.
    :param clocks: the ticket's clocks.
    """
    whole = spans[0]
    if not ends:
        yield (0,)
        return
    latest = ends[-1]
    if ticket.resolved is not None:
        latest = ticket.resolved
        for clock in clocks:
            if clock is not None and clock.due_at is not None and clock.due_at > latest:
                latest = clock.due_at
    first = bisect_right(ends, ticket.created) + 1
    if whole.start <= ticket.created and first < len(spans) and latest < spans[first].as_of:
        yield (0, first)
        return
    yield (0,)
    for place in range(first, len(spans)):
        if spans[place].start > latest:
            return
        yield (place,)
