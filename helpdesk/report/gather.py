"""Reading the facts of the tickets of a cohort from the store."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.ticket_fields import GROUPED
from helpdesk.report.by import GroupBy
from helpdesk.report.facts import ClockFact, Cohort, TicketFacts
from helpdesk.report.groups import Grouping, grouping
from helpdesk.report.period import ReportPeriod
from helpdesk.store import report_facts

_GROUPS = slice(1, 1 + len(GROUPED))
_NONE: frozenset[Level] = frozenset()


@dataclass(frozen=True, slots=True)
class FactSource:
    """The source of a report's facts: one transaction and the current time."""

    session: Session
    now: datetime

    def facts(self, cohort: Cohort, period: ReportPeriod) -> Iterator[TicketFacts]:
        """Yield the tickets of a cohort, unordered."""
        ends = int(period.start.timestamp()), int(period.end.timestamp())
        return _gather(self.session, cohort, *ends, int(self.now.timestamp()))

    def grouping(self, by: GroupBy) -> Grouping:
        """Return how tickets are grouped by a property."""
        return grouping(self.session, by)


def _gather(
    session: Session, cohort: Cohort, start: int, end: int, now: int
) -> Iterator[TicketFacts]:
    """Yield the tickets of a cohort for ``[start, end)``, unordered; times in Unix seconds."""
    as_of = min(end, now)
    match cohort:
        case Cohort.LOGGED:
            yield from (_fact(row, as_of) for row in report_facts.logged(session, start, end))
        case Cohort.BACKLOG:
            yield from (_fact(row, as_of) for row in report_facts.backlog(session, end))
        case Cohort.OUTCOMES:
            for row in report_facts.outcomes(session, start, end):
                yield _fact(row, as_of, reopened=row.type is EntryType.REOPENED)
        case Cohort.RESOLVED:
            yield from _resolved(session, start, end, as_of)


def _resolved(session: Session, start: int, end: int, as_of: int) -> Iterator[TicketFacts]:
    visited, escalated = _levels(session, start, end)
    first, update, resolution = ClockName
    for row in report_facts.resolved(session, start, end):
        yield _fact(
            row,
            as_of,
            first_response=_clock(row, first),
            next_update=_clock(row, update),
            resolution=_clock(row, resolution),
            from_knowledge=row.answered,
            duplicate=row.duplicate,
            visited=visited.get(row.id) or frozenset({row.queue}),
            escalated_from=escalated.get(row.id, _NONE),
        )


def _levels(
    session: Session, start: int, end: int
) -> tuple[dict[int, frozenset[Level]], dict[int, frozenset[Level]]]:
    """Return the levels that each ticket visited, and those that escalated it, by ticket.

    A ticket that was never handed over is left out.
    """
    visited: dict[int, frozenset[Level]] = {}
    escalated: dict[int, frozenset[Level]] = {}
    shared: dict[frozenset[Level], frozenset[Level]] = {}  # many tickets share few sets

    def add(levels: frozenset[Level], level: Level) -> frozenset[Level]:
        union = levels | {level}
        return shared.setdefault(union, union)

    for ticket, entry, source, target in report_facts.moves(session, start, end):
        seen = add(visited.get(ticket, _NONE), Level(source))
        visited[ticket] = add(seen, Level(target))
        if entry is EntryType.ESCALATED:
            escalated[ticket] = add(escalated.get(ticket, _NONE), Level(source))
    return visited, escalated


def _fact(row: Row[*tuple[Any, ...]], as_of: int, **more: Any) -> TicketFacts:
    return TicketFacts(
        number=row.id,
        groups=row[_GROUPS],
        created_at=row.created,
        resolved_at=row.resolved,
        as_of=as_of,
        hand_overs=row.hand_overs,
        csat=row.csat,
        reopenings=row.reopenings,
        **more,
    )


def _clock(row: Row[*tuple[Any, ...]], name: ClockName) -> ClockFact | None:
    values = row._mapping  # noqa: SLF001  (the documented way to read columns by label)
    elapsed = values[f"{name}_elapsed"]
    if elapsed is None:
        return None
    return ClockFact(elapsed, values[f"{name}_met"], values[f"{name}_breached"] is not None)
