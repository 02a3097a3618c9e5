"""Read the lead's board: figures of every queue and agent, and the tickets due next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.desk.people import levels
from helpdesk.desk.queue import folding, lists
from helpdesk.desk.queue.views import QueueCount, QueueRow
from helpdesk.desk.report import kpi_report
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.domain.desk_zone import day_of, midnight
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import WORKING_ROLES, Right
from helpdesk.store.people import people, serving
from helpdesk.store.ticket import board

#: For how many past hours the board counts tickets that came and left.
HOURS = 8
_HOUR_S = 3600
#: How many of the tickets that are due next are listed.
_AT_RISK = 40


@dataclass(frozen=True, slots=True)
class QueueLine:
    """The figures of a queue; duplicates count as one with the ticket that they follow.

    :ivar oldest: when the oldest ticket in the queue was received (UTC).
    :ivar came: how many tickets came into the queue (logged, handed over, reopened) in each of the
        last ``HOURS`` hours, the current hour last.
    :ivar left: how many left it (resolved, handed over) in each of these hours.
    :ivar attained: the share (0 to 1) of resolutions in time, of those due here since Monday
        (``report.kpis.sla_attainment``); None if there were none.
    """

    level: Level
    name: str
    count: QueueCount
    oldest: datetime | None
    came: tuple[int, ...]
    left: tuple[int, ...]
    attained: float | None


@dataclass(frozen=True, slots=True)
class AgentLine:
    """The figures of an agent.

    :ivar levels: the levels that the agent serves; none if the agent is disabled.
    :ivar open: how many active tickets are assigned to the agent.
    :ivar due_today: how many of these are overdue at midnight in the desk's time zone.
    :ivar oldest: when the oldest of these was received (UTC).
    :ivar on_duty: whether any of the agent's levels is on duty by the hours in the policy.
    :ivar online: whether the agent has the app open.
    :ivar seen: when the agent last made a timeline entry within the last ``HOURS`` hours (UTC).
    """

    login: str
    name: str
    levels: tuple[Level, ...]
    open: int
    due_today: int
    warning: int
    breached: int
    oldest: datetime | None
    on_duty: bool
    online: bool
    seen: datetime | None


@dataclass(frozen=True, slots=True)
class LeadBoard:
    """The lead's board.

    :ivar at_risk: the tickets that will be overdue next, the first one first.
    :ivar attained: the share (0 to 1) of resolutions in time, of those due since Monday; None if
        there were none.
    :ivar read_at: when it was read (UTC).
    """

    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    at_risk: tuple[QueueRow, ...]
    attained: float | None
    read_at: datetime


def read(desk: Desk) -> LeadBoard:
    """Return the current board; its cost does not grow with the number of past tickets.

    If the policy does not let the acting agent see colleagues' figures, only their own line is
    among the agents.
    """
    desk.require(Right.READ)
    now = desk.now()
    today = day_of(now)
    week = midnight(today - timedelta(days=today.weekday()))
    with desk.database.read() as session:
        entries = board.recent(session, now - timedelta(hours=HOURS))
        attained_by_level = kpi_report.resolutions_kept(desk, session, week)
        folds = folding.read(session)
        numbers = board.next_to_breach(session, now, _AT_RISK, folds.hidden)
        return LeadBoard(
            queues=_queues(session, entries, attained_by_level, now, folds.hidden),
            agents=_agents(desk, session, entries, midnight(today + timedelta(days=1))),
            at_risk=lists.folded_rows(desk, session, numbers, folds),
            attained=_share(attained_by_level.values()),
            read_at=now,
        )


def _queues(
    session: Session,
    entries: Sequence[Row[*tuple[Any, ...]]],
    attained_by_level: dict[Level, tuple[int, int]],
    now: datetime,
    hidden: tuple[int, ...],
) -> tuple[QueueLine, ...]:
    by_level = {row[0]: row for row in board.by_queue(session, now, hidden)}
    came, left = _rates(entries, now)
    rules = agreement.rules_in_force(session)
    lines = []
    for level in Level:
        row = by_level.get(level)
        lines.append(
            QueueLine(
                level=level,
                name=rules.levels[level].name,
                count=QueueCount(*row[1:5]) if row else QueueCount(),
                oldest=row[5] if row else None,
                came=tuple(came[level]),
                left=tuple(left[level]),
                attained=_share([attained_by_level[level]]) if level in attained_by_level else None,
            )
        )
    return tuple(lines)


def _rates(
    entries: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> tuple[dict[Level, list[int]], dict[Level, list[int]]]:
    """Count by the hour how many tickets came into each queue and left it.

    :param entries: the timeline entries, newest first. Going back from the queue in which each
        ticket is now, every entry is counted for the queue in which the ticket was at that time.
    """
    came = {level: [0] * HOURS for level in Level}
    left = {level: [0] * HOURS for level in Level}
    queue_then: dict[int, Level] = {}
    for number, at, entry, _, source, queue in entries:
        hour = HOURS - 1 - min(HOURS - 1, int((now - at).total_seconds()) // _HOUR_S)
        level = queue_then.get(number, queue)
        if entry.is_hand_over:
            came[level][hour] += 1
            queue_then[number] = Level(source)
            left[queue_then[number]][hour] += 1
        elif entry in (EntryType.LOGGED, EntryType.REOPENED):
            came[level][hour] += 1
        elif entry.ends_work:
            left[level][hour] += 1
    return came, left


def _agents(
    desk: Desk, session: Session, entries: Sequence[Row[*tuple[Any, ...]]], today: datetime
) -> tuple[AgentLine, ...]:
    now = desk.now()
    seen: dict[int, datetime] = {}
    for _, at, _, actor, _, _ in entries:
        if actor is not None:
            seen.setdefault(actor, at)  # Entries are sorted with the newest first.
    work = {row[0]: row[1:] for row in board.by_agent(session, now, today)}
    served = serving.levels_by_agent(session)
    level_views = levels.read(desk, session)
    on_duty = {view.level for view in level_views if view.on_duty}
    online = {login for view in level_views for login in view.online}
    all_agents = desk.may(Right.SEE_COLLEAGUES)
    lines = []
    for agent in people.agents(session):
        if agent.id not in work and not (agent.active and agent.role in WORKING_ROLES):
            continue
        if not all_agents and agent.id != desk.agent_id:
            continue
        own = served.get(agent.id, ()) if agent.active else ()
        count, due, warning, breached, oldest = work.get(agent.id, (0, 0, 0, 0, None))
        lines.append(
            AgentLine(
                login=agent.login,
                name=agent.name,
                levels=own,
                open=count,
                due_today=due,
                warning=warning,
                breached=breached,
                oldest=oldest,
                on_duty=not on_duty.isdisjoint(own),
                online=agent.login in online,
                seen=seen.get(agent.id),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.breached, -line.due_today, -line.open)))


def _share(pairs: Iterable[tuple[int, int]]) -> float | None:
    """Return the share of the sum of the first numbers in the sum of the second ones."""
    met = total = 0
    for met_here, total_here in pairs:
        met += met_here
        total += total_here
    return met / total if total else None
