"""Recompute the clocks of open tickets under a new version of the policy (SLA rule 7)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.desk.policy.draft import RowNumbers
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive, SlaAgreement
from helpdesk.desk.sla.agreement import PolicyLookup as NextPolicy
from helpdesk.desk.sla.history import TYPES, History, read_history
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.clock import ClockStanding
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.store.models import Ticket, TicketClock
from helpdesk.store.ticket import recompute

#: How many tickets are read and written at once.
CHUNK = 2_000

#: Called with the number of tickets computed and the number of all.
RecomputeProgress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ClockMove:
    """The change of a clock's due time (UTC).

    :ivar before: the due time before; None if it was not running or did not exist.
    :ivar after: the due time afterwards; None if it is not running or does not exist.
    :ivar breached_at_once: whether the change itself makes it overdue.
    :ivar withdrawn: whether the change takes the target of a breached clock away.
    """

    clock: str
    before: datetime | None
    after: datetime | None
    breached_at_once: bool
    withdrawn: bool = False

    @property
    def moves(self) -> bool:
        """Whether the clock changes at all."""
        return self.before != self.after or self.breached_at_once or self.withdrawn


@dataclass(frozen=True, slots=True)
class TicketMove:
    """The changes to one open ticket.

    :ivar ticket: the ticket with its new position in the queue.
    :ivar promise: the SLA agreement that applies afterwards.
    :ivar agreement_changes: whether its agreement changes, which then is recorded in the timeline.
    :ivar at: when the change takes effect (UTC).
    """

    ticket: Ticket
    promise: SlaAgreement
    agreement_changes: bool
    at: datetime
    clocks: tuple[TicketClock, ...]
    moves: tuple[ClockMove, ...]


@dataclass(frozen=True, slots=True)
class Recomputation:
    """The changes to all open tickets.

    :ivar moves: the change to each ticket, by number.
    :ivar event: the number of the newest timeline entry that was taken into account.
    """

    moves: dict[int, TicketMove]
    event: int


def compute_changes(
    session: Session, draft: NextPolicy, now: datetime, progress: RecomputeProgress
) -> Recomputation:
    """Compute the changes to every open ticket, without storing anything."""
    event = recompute.last_event(session)
    total = recompute.active_count(session)
    recomputer = _Recomputer(session, draft, now)
    moves: dict[int, TicketMove] = {}
    for chunk in recompute.active(session, TYPES, CHUNK):
        moves.update((move.ticket.id, move) for move in recomputer.moves(chunk))
        progress(len(moves), total)
    return Recomputation(moves, event)


def update_changes(
    session: Session, draft: NextPolicy, outlook: Recomputation, now: datetime
) -> Recomputation:
    """Compute again the tickets that have changed since ``outlook``; return all changes."""
    changed = recompute.changed_since(session, outlook.event)
    recomputer = _Recomputer(session, draft, now)
    moves = {number: move for number, move in outlook.moves.items() if number not in changed}
    rows = recompute.active_among(session, changed, TYPES) if changed else []
    moves.update((move.ticket.id, move) for move in recomputer.moves(rows))
    return Recomputation(moves, recompute.last_event(session))


def store(
    session: Session,
    draft: NextPolicy,
    numbers: RowNumbers,
    outlook: Recomputation,
    actor_id: int | None,
) -> None:
    """Store the changes to all open tickets, after the rows of the draft have been stored.

    :param numbers: the real row numbers of the draft.
    :param actor_id: the row number of the agent who applies the policy.
    """
    moves = list(outlook.moves.values())
    for start in range(0, len(moves), CHUNK):
        chunk = moves[start : start + CHUNK]
        recompute.write(
            session,
            [_ticket_row(move, numbers) for move in chunk],
            [_columns(clock) for move in chunk for clock in move.clocks],
            [_entry(move, numbers, actor_id) for move in chunk if move.agreement_changes],
        )
    recompute.close_resolved_after(session, draft.rules().close_after_s)


class _Recomputer:
    """Computes the changes to single tickets under a draft."""

    def __init__(self, session: Session, draft: NextPolicy, now: datetime) -> None:
        self._archive = PolicyArchive(session)
        self._draft = draft
        self._now = now
        self._rules = draft.rules()
        self._agreement_cache: dict[tuple[Any, ...], SlaAgreement] = {}

    def moves(
        self, rows: Iterable[tuple[Row[Any], list[Row[Any]], list[Row[Any]]]]
    ) -> Iterator[TicketMove]:
        for facts, entries, clocks in rows:
            yield self._move(facts, read_history(entries, self._archive), clocks)

    def _move(self, facts: Row[Any], history: History, before: list[Row[Any]]) -> TicketMove:
        at = max(self._now, facts.updated_at)
        promise = self._agreement(facts, history.targets_of or facts.priority, at)
        promise = promise.for_asked(facts.kind, facts.channel, named=facts.names_requester)
        changed = _terms(promise.calendar, promise.targets, self._rules) != _terms(
            history.calendar_now, history.targets_now, history.agreed_rules
        )
        history = replace(history, rules=self._rules)
        if changed:
            change = ClockEvent(
                at,
                EventKind.TARGETS,
                targets=promise.targets,
                calendar=promise.calendar,
                ola=self._rules.olas,
                pauses=self._rules.pauses,
                ola_hours=self._rules.ola_hours,
            )
            history = replace(
                history,
                events=(*history.events, change),
                calendar_now=promise.calendar,
                agreed_at=at,
            )
        ticket = Ticket(
            id=facts.id,
            state=facts.state,
            queue=facts.queue,
            waiting_until=facts.waiting_until,
            resolved_at=facts.resolved_at,
            version=facts.version,
            follow_up_at=facts.follow_up_at,
            follow_up_due=facts.follow_up_due,
        )
        after = tuple(ticket_clocks.update_queue_order(ticket, history, at))
        return TicketMove(ticket, promise, changed, at, after, _clock_moves(before, after, at))

    def _agreement(self, facts: Row[Any], priority: Priority, at: datetime) -> SlaAgreement:
        key = (facts.customer_id, facts.service_id, facts.kind, priority)
        if key not in self._agreement_cache:
            self._agreement_cache[key] = agreement.for_facts(self._draft, *key, at)
        return self._agreement_cache[key]


def _terms(calendar: SupportCalendar, targets: Targets, rules: DeskRules) -> tuple[object, ...]:
    """Return all that an agreement says about the clocks, to be compared."""
    return calendar, targets.effective, rules.pauses, rules.olas, rules.ola_hours


def _clock_moves(
    before: list[Row[Any]], after: tuple[TicketClock, ...], at: datetime
) -> tuple[ClockMove, ...]:
    old = {row.name: row for row in before}
    moves = []
    for clock in after:
        known = old.pop(clock.name, None)
        was_breached = known is not None and known.breached_at is not None
        was_overdue = known is not None and known.due_at is not None and known.due_at < at
        is_withdrawn = clock.standing is ClockStanding.WITHDRAWN
        was_withdrawn = known is not None and known.standing is ClockStanding.WITHDRAWN
        moves.append(
            ClockMove(
                clock.name,
                known.due_at if known and not was_withdrawn else None,
                None if is_withdrawn else clock.due_at,
                clock.breached_at is not None and not was_breached and not was_overdue,
                is_withdrawn and not was_withdrawn,
            )
        )
    moves += [ClockMove(row.name, row.due_at, None, False) for row in old.values()]
    return tuple(move for move in moves if move.moves)


def _ticket_row(move: TicketMove, numbers: RowNumbers) -> dict[str, Any]:
    ticket, promise = move.ticket, move.promise
    return {
        "id": ticket.id,
        "policy_id": numbers.slas[promise.policy_id],
        "calendar_id": numbers.calendars.get(promise.calendar_id, promise.calendar_id),
        "due_rank": ticket.due_rank,
        "due_clock": ticket.due_clock,
        "warn_at": ticket.warn_at,
        "act_at": ticket.act_at,
    }


def _entry(move: TicketMove, numbers: RowNumbers, actor_id: int | None) -> dict[str, Any]:
    promise = move.promise.as_data()
    promise["calendar"] = numbers.calendars.get(promise["calendar"], promise["calendar"])
    return {
        "ticket_id": move.ticket.id,
        "at": move.at,
        "actor_id": actor_id,
        "type": EntryType.RECOMPUTED,
        "public": False,
        "text": "",
        # The version stays, because nothing that people edit has changed.
        "data": {"promise": promise, "version": move.ticket.version},
    }


def _columns(row: TicketClock) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}
