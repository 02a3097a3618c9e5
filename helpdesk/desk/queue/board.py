"""The lead's board: how every queue and agent stands, and which tickets will be overdue next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.desk.people import levels
from helpdesk.desk.queue import lists
from helpdesk.desk.queue.views import QueueCount, QueueRow
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right
from helpdesk.report.period import midnight
from helpdesk.store.people import people
from helpdesk.store.ticket import board

#: Of how many hours the rates are.
HOURS = 8
_HOUR_S = 3600
_AT_RISK = 40


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue.

    :ivar oldest: when the ticket was received that is there longest.
    :ivar came: how many tickets came into the queue (logged, handed over, reopened) in each of the
        last ``HOURS`` hours, the present hour last.
    :ivar left: how many left it (resolved, handed over), likewise.
    :ivar attained: the share of the resolutions promised that were kept, of tickets resolved here
        since Monday (``report.kpis.sla_attainment``); None: there were none.
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
    """An agent's work.

    :ivar due_today: tickets that are or will be overdue before the host's midnight.
    :ivar on_duty: whether any of their levels is, by the policy's hours of duty.
    :ivar online: whether they have the app open.
    :ivar seen: their newest entry in any timeline within the last ``HOURS`` hours.
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
class Board:
    """The whole board at ``read_at``; ``at_risk`` begins with the ticket that is overdue next."""

    queues: tuple[QueueLine, ...]
    agents: tuple[AgentLine, ...]
    at_risk: tuple[QueueRow, ...]
    attained: float | None
    read_at: datetime


def read(desk: Desk) -> Board:
    """Return the board as it stands now; its cost does not grow with the tickets of the past."""
    desk.require(Right.READ)
    now = desk.now()
    today = now.astimezone().date()
    week = midnight(today - timedelta(days=today.weekday()))
    with desk.database.read() as session:
        entries = board.recent(session, now - timedelta(hours=HOURS))
        kept = board.attained(session, week)
        numbers = board.next_to_breach(session, now, _AT_RISK)
        return Board(
            queues=_queues(session, entries, kept, now),
            agents=_agents(desk, session, entries, midnight(today + timedelta(days=1))),
            at_risk=lists.rows_of(desk, session, numbers),
            attained=_share(kept.values()),
            read_at=now,
        )


def _queues(
    session: Session,
    entries: Sequence[Row[*tuple[Any, ...]]],
    kept: dict[Level, tuple[int, int]],
    now: datetime,
) -> tuple[QueueLine, ...]:
    stands = {row[0]: row for row in board.by_queue(session, now)}
    came, left = _rates(entries, now)
    rules = agreement.rules_in_force(session)
    lines = []
    for level in Level:
        row = stands.get(level)
        lines.append(
            QueueLine(
                level=level,
                name=rules.levels[level].name,
                count=QueueCount(*row[1:5]) if row else QueueCount(),
                oldest=row[5] if row else None,
                came=tuple(came[level]),
                left=tuple(left[level]),
                attained=_share([kept[level]]) if level in kept else None,
            )
        )
    return tuple(lines)


def _rates(
    entries: Sequence[Row[*tuple[Any, ...]]], now: datetime
) -> tuple[dict[Level, list[int]], dict[Level, list[int]]]:
    """Count what came into each queue and left it, by the hour.

    The entries are walked backwards from the queue in which a ticket is now: so each is counted
    for the queue in which the ticket was at the time.
    """
    came = {level: [0] * HOURS for level in Level}
    left = {level: [0] * HOURS for level in Level}
    place: dict[int, Level] = {}
    for number, at, entry, _, source, queue in entries:
        hour = HOURS - 1 - min(HOURS - 1, int((now - at).total_seconds()) // _HOUR_S)
        level = place.get(number, queue)
        if entry.is_hand_over:
            came[level][hour] += 1
            place[number] = Level(source)
            left[place[number]][hour] += 1
        elif entry in (EntryType.LOGGED, EntryType.REOPENED):
            came[level][hour] += 1
        elif entry.is_resolution:
            left[level][hour] += 1
    return came, left


def _agents(
    desk: Desk, session: Session, entries: Sequence[Row[*tuple[Any, ...]]], today: datetime
) -> tuple[AgentLine, ...]:
    now = desk.now()
    seen: dict[int, datetime] = {}
    for _, at, _, actor, _, _ in entries:
        if actor is not None:
            seen.setdefault(actor, at)  # the newest comes first
    work = {row[0]: row[1:] for row in board.by_agent(session, now, today)}
    served = people.levels(session)
    tiers = levels.read(desk, session)
    on_duty = {tier.level for tier in tiers if tier.on_duty}
    online = {login for tier in tiers for login in tier.online}
    lines = []
    for agent in people.agents(session):
        if not agent.active and agent.id not in work:
            continue
        count, due, warning, breached, oldest = work.get(agent.id, (0, 0, 0, 0, None))
        lines.append(
            AgentLine(
                login=agent.login,
                name=agent.name,
                levels=served.get(agent.id, ()),
                open=count,
                due_today=due,
                warning=warning,
                breached=breached,
                oldest=oldest,
                on_duty=not on_duty.isdisjoint(served.get(agent.id, ())),
                online=agent.login in online,
                seen=seen.get(agent.id),
            )
        )
    return tuple(sorted(lines, key=lambda line: (-line.breached, -line.due_today, -line.open)))


def _share(pairs: Iterable[tuple[int, int]]) -> float | None:
    kept = promised = 0
    for one_kept, one_promised in pairs:
        kept += one_kept
        promised += one_promised
    return kept / promised if promised else None
