"""A ticket's timeline in the terms of the domain: what the clocks and alarms are computed from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from helpdesk.desk.sla import agreement
from helpdesk.desk.sla.agreement import Archive
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.policy.desk_rules import Rulebook
from helpdesk.domain.sla.clock import OLA
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.ola import QueueMove
from helpdesk.domain.sla.pauses import PENDING_ON, Pauses
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.sla.thresholds import Recorded
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.ticket import Waiting

#: The types of entries that are taken note of here.
TYPES = tuple(entry for entry in EntryType if entry.moves_clocks)


class Entry(Protocol):
    """What is read of an entry of a timeline."""

    @property
    def at(self) -> datetime:
        """When it happened."""

    @property
    def type(self) -> EntryType:
        """What happened."""

    @property
    def data(self) -> dict[str, Any]:
        """The particulars."""


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Past:
    """An entry that is not in the store (yet)."""

    at: datetime
    type: EntryType
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class History:
    """What happened to a ticket.

    :ivar calendar: the support hours when it was received.
    :ivar targets: what was promised then; ``rules_then`` the rulebook of that time.
    :ivar calendar_now: the support hours of what was promised last, at ``promised_at``, with
        ``targets_now`` and ``rules_promised``, the rulebook of that time.
    :ivar rules: the rulebook that is in force; alarms and closing follow it.
    :ivar recorded: the warnings and breaches in the timeline, by clock (see :func:`ola_key`).
    """

    calendar: SupportCalendar
    targets: Targets
    rules_then: Rulebook
    events: tuple[ClockEvent, ...]
    moves: tuple[QueueMove, ...]
    calendar_now: SupportCalendar
    targets_now: Targets
    rules_promised: Rulebook
    rules: Rulebook
    promised_at: datetime
    recorded: Mapping[str, tuple[Recorded, ...]]

    @property
    def pauses(self) -> Pauses:
        """Which waiting paused which clock when it was received."""
        return self.rules_then.pauses


def read_history(entries: Iterable[Entry], archive: Archive) -> History:
    """Read a timeline, oldest entry first; entries of other types are passed over."""
    noted = [entry for entry in standing(entries) if entry.type.moves_clocks]
    promised = [entry for entry in noted if "promise" in entry.data]
    first, last = promised[0].data["promise"], promised[-1].data["promise"]
    moves = [QueueMove(noted[0].at, Level.L1)]
    moves += [QueueMove(one.at, Level(one.data["to"])) for one in noted if one.type.is_hand_over]
    return History(
        calendar=archive.calendar(first["calendar"]),
        targets=agreement.targets_from(first),
        rules_then=archive.rules(first["version"]),
        events=tuple(_clock_events(noted, archive)),
        moves=tuple(moves),
        calendar_now=archive.calendar(last["calendar"]),
        targets_now=agreement.targets_from(last),
        rules_promised=archive.rules(last["version"]),
        rules=archive.rules_in_force,
        promised_at=promised[-1].at,
        recorded=_recorded(noted),
    )


def standing(entries: Iterable[E]) -> list[E]:
    """Return the entries of a timeline that still count: not those that were taken back.

    An entry ``undone`` names, as ``of``, the version that the change which it takes back led to.
    """
    every = list(entries)
    undone = {
        entry.data["of"]: entry.data["version"] for entry in every if entry.type is EntryType.UNDONE
    }
    if not undone:
        return every
    promised = {
        entry.data["version"]
        for entry in every
        if entry.type is EntryType.CHANGED and entry.data["version"] in undone
    }

    def counts(entry: E) -> bool:
        version = entry.data.get("version", 0)
        if entry.type.is_alarm:
            # They bear the version that they found; those of a promise taken back are of none.
            return not any(low <= version < undone[low] for low in promised)
        return entry.type is not EntryType.UNDONE and version not in undone

    return [entry for entry in every if counts(entry)]


def ola_key(level: Level) -> str:
    """Return the name under which a level's own alarms are recorded."""
    return f"{OLA} {level}"


def _clock_events(entries: Iterable[Entry], archive: Archive) -> Iterable[ClockEvent]:
    for entry in entries:
        kind = entry.type.clock_event
        if entry.type is EntryType.PENDED:
            kind = PENDING_ON[Waiting(entry.data["on"])]
        if kind is EventKind.TARGETS:
            promise = entry.data["promise"]
            rules = archive.rules(promise["version"])
            yield ClockEvent(
                entry.at,
                kind,
                targets=agreement.targets_from(promise),
                calendar=archive.calendar(promise["calendar"]),
                ola=rules.olas,
                pauses=rules.pauses,
            )
        elif kind is not None:
            yield ClockEvent(entry.at, kind)


def _recorded(entries: Iterable[Entry]) -> dict[str, tuple[Recorded, ...]]:
    found: dict[str, tuple[Recorded, ...]] = {}
    for entry in entries:
        if entry.type.is_alarm:
            key = entry.data["clock"]
            if key == OLA:
                key = ola_key(Level(entry.data["level"]))
            mark = Recorded(entry.at, entry.data["percent"])
            found[key] = (*found.get(key, ()), mark)
    return found
