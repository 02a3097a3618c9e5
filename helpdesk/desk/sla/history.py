"""Convert a ticket's timeline to the domain's events, from which clocks and alarms are computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from helpdesk.desk.sla import agreement
from helpdesk.desk.sla.agreement import PolicyArchive
from helpdesk.desk.sla.verdicts import counts_as_answer, foreign_decision, imported_at
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level, logged_in
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.clock import OLA
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.ola import QueueMove
from helpdesk.domain.sla.pauses import PENDING_ON, Pauses
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.sla.thresholds import RecordedThreshold
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.ticket import Waiting

#: The types of entries that a history is read from.
TYPES = tuple(entry for entry in EntryType if entry.moves_clocks)


class TimelineEntry(Protocol):
    """The fields of a timeline entry that a history is read from."""

    @property
    def at(self) -> datetime:
        """When it happened (UTC)."""

    @property
    def type(self) -> EntryType:
        """What happened."""

    @property
    def data(self) -> dict[str, Any]:
        """Further values, depending on the type."""


E = TypeVar("E", bound=TimelineEntry)


@dataclass(frozen=True, slots=True)
class UnsavedEntry:
    """A timeline entry that is not stored, or not stored yet."""

    at: datetime
    type: EntryType
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PriorityRaise:
    """A priority that an alarm raised, which changes the order of work and no target.

    :ivar to: the new priority.
    :ivar targets_of: the priority whose targets stay in force.
    :ivar reason: the alarm, such as ``first response breached``.
    """

    at: datetime
    to: str
    targets_of: Priority
    reason: str


@dataclass(frozen=True, slots=True)
class History:
    """The events of a ticket that its clocks, due actions and alarms are computed from.

    :ivar calendar: the support hours of the SLA agreement when the ticket was received.
    :ivar targets: the targets of that agreement.
    :ivar rules_at_receipt: the rulebook in force when the ticket was received.
    :ivar calendar_now: the support hours of the latest SLA agreement.
    :ivar targets_now: the targets of the latest agreement.
    :ivar agreed_rules: the rulebook of the latest agreement.
    :ivar agreed_at: when the latest agreement was made (UTC).
    :ivar rules: the rulebook now in force, which governs alarms and closing.
    :ivar recorded: the warnings and breaches in the timeline, by clock (see :func:`ola_key`).
    :ivar raises: the priorities that alarms raised, oldest first.
    :ivar targets_of: the priority whose targets are in force, if an alarm raised the priority and
        no person has changed it since; else None: those of the ticket's priority are.
    :ivar imported_at: when the ticket was imported (UTC), before which no alarm is due; or None.
    """

    calendar: SupportCalendar
    targets: Targets
    rules_at_receipt: DeskRules
    events: tuple[ClockEvent, ...]
    moves: tuple[QueueMove, ...]
    calendar_now: SupportCalendar
    targets_now: Targets
    agreed_rules: DeskRules
    rules: DeskRules
    agreed_at: datetime
    recorded: Mapping[str, tuple[RecordedThreshold, ...]]
    raises: tuple[PriorityRaise, ...] = ()
    targets_of: Priority | None = None
    imported_at: datetime | None = None

    @property
    def pauses(self) -> Pauses:
        """Which clocks each kind of waiting pauses, by the rules when the ticket was received."""
        return self.rules_at_receipt.pauses


def read_history(entries: Iterable[TimelineEntry], archive: PolicyArchive) -> History:
    """Read a timeline.

    :param entries: the entries, oldest first; those of other types than :data:`TYPES` are ignored.
    """
    relevant = [entry for entry in effective_entries(entries) if entry.type.moves_clocks]
    agreements = [entry for entry in relevant if "promise" in entry.data]
    first, last = agreements[0].data["promise"], agreements[-1].data["promise"]
    moves = [QueueMove(relevant[0].at, logged_in(relevant[0].data))]
    moves += [
        QueueMove(entry.at, Level(entry.data["to"]))
        for entry in relevant
        if entry.type.is_hand_over
    ]
    changes = [entry for entry in relevant if entry.type is EntryType.CHANGED]
    return History(
        calendar=archive.calendar(first["calendar"]),
        targets=agreement.targets_from(first),
        rules_at_receipt=archive.rules(first["version"]),
        events=tuple(_clock_events(relevant, archive)),
        moves=tuple(moves),
        calendar_now=archive.calendar(last["calendar"]),
        targets_now=agreement.targets_from(last),
        agreed_rules=archive.rules(last["version"]),
        rules=archive.rules_in_force,
        agreed_at=agreements[-1].at,
        recorded=_recorded(relevant),
        raises=tuple(_raises(changes)),
        targets_of=_targets_of(changes[-1]) if changes else None,
        imported_at=imported_at(relevant),
    )


def effective_entries(entries: Iterable[E]) -> list[E]:
    """Return the entries of a timeline that are in effect: those that were not undone.

    The field ``of`` of an entry ``undone`` is the version that the undone change led to.
    """
    timeline = list(entries)
    undone = {
        entry.data["of"]: entry.data["version"]
        for entry in timeline
        if entry.type is EntryType.UNDONE
    }
    if not undone:
        return timeline
    undone_agreements = {
        entry.data["version"]
        for entry in timeline
        if entry.type is EntryType.CHANGED and entry.data["version"] in undone
    }

    def in_effect(entry: E) -> bool:
        version = entry.data.get("version", 0)
        if entry.type.is_alarm:
            # An alarm has the version of the ticket at that time.  Ignore it if it was raised
            # between a change of the SLA agreement and the undoing of that change.
            return not any(changed <= version < undone[changed] for changed in undone_agreements)
        return entry.type is not EntryType.UNDONE and version not in undone

    return [entry for entry in timeline if in_effect(entry)]


def ola_key(level: Level) -> str:
    """Return the key of a level's OLA clock in ``History.recorded``."""
    return f"{OLA} {level}"


def _clock_events(entries: Sequence[TimelineEntry], archive: PolicyArchive) -> Iterable[ClockEvent]:
    decision = foreign_decision(entries)
    for position, entry in enumerate(entries):
        if entry.type is EntryType.REPLIED and not counts_as_answer(entries[0], entry):
            continue
        if decision is None or position != decision.position:
            yield from _events_of(entry, archive)
            continue
        if not decision.replaces:
            yield from _events_of(entry, archive)
        yield decision.event


def _events_of(entry: TimelineEntry, archive: PolicyArchive) -> Iterable[ClockEvent]:
    kind = entry.type.clock_event
    if entry.type is EntryType.PENDED:
        kind = PENDING_ON[Waiting(entry.data["on"])]
    if kind is EventKind.TARGETS and "promise" not in entry.data:
        return  # an alarm raised the priority: the targets stay
    if kind is EventKind.TARGETS:
        sla = entry.data["promise"]
        rules = archive.rules(sla["version"])
        yield ClockEvent(
            entry.at,
            kind,
            targets=agreement.targets_from(sla),
            calendar=archive.calendar(sla["calendar"]),
            ola=rules.olas,
            pauses=rules.pauses,
            ola_hours=rules.ola_hours,
        )
    elif entry.type.takes_ticket:
        yield ClockEvent(entry.at, EventKind.RESPONDED, by_taking=True)
    elif kind is not None:
        yield ClockEvent(entry.at, kind)


def _targets_of(entry: TimelineEntry) -> Priority | None:
    """Return the priority whose targets a change left in force; None: those of the new one."""
    stored = entry.data.get("targets_of")
    return Priority(stored) if stored else None


def _raises(changes: Iterable[TimelineEntry]) -> Iterable[PriorityRaise]:
    for entry in changes:
        kept = _targets_of(entry)
        # A person's change of another field keeps the targets as well, but changes no priority.
        to = [each["to"] for each in entry.data.get("changes", ()) if each["field"] == "priority"]
        if kept is not None and to:
            yield PriorityRaise(entry.at, to[0], kept, str(entry.data.get("reason", "")))


def _recorded(entries: Iterable[TimelineEntry]) -> dict[str, tuple[RecordedThreshold, ...]]:
    found: dict[str, tuple[RecordedThreshold, ...]] = {}
    for entry in entries:
        if entry.type.is_alarm:
            key = entry.data["clock"]
            if key == OLA:
                key = ola_key(Level(entry.data["level"]))
            mark = RecordedThreshold(entry.at, entry.data["percent"])
            found[key] = (*found.get(key, ()), mark)
    return found
