"""Read from the timeline of an imported ticket what the other program decided about its SLA.

The decision stands in the first entry of the timeline, so that clocks that are computed again at
any later time have the same outcome.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.event_kind import EventKind
from helpdesk.domain.sla.events import ClockEvent
from helpdesk.domain.sla.verdict import Verdict


class ImportedEntry(Protocol):
    """The fields of a timeline entry that the decision is read from."""

    @property
    def at(self) -> datetime:
        """When it happened (UTC)."""

    @property
    def type(self) -> EntryType:
        """What happened."""

    @property
    def data(self) -> dict[str, Any]:
        """Further values, depending on the type."""


@dataclass(frozen=True, slots=True)
class ForeignDecision:
    """The outcomes that another program decided, and when.

    :ivar position: the position of the entry at which they hold, among the entries that were read.
    :ivar event: the event for the clocks that carries them.
    :ivar replaces: whether the event stands for the entry; else it comes after it.
    """

    position: int
    event: ClockEvent
    replaces: bool


def imported_at(entries: Sequence[ImportedEntry]) -> datetime | None:
    """Return when a ticket was imported (UTC); None if it was not, or long ago."""
    stored = entries[0].data.get("imported_at") if entries else None
    return datetime.fromisoformat(stored) if stored else None


def counts_as_answer(first: ImportedEntry, entry: ImportedEntry) -> bool:
    """Whether an answer meets the first response: not one before the first that the file dates.

    :param first: the first entry of the timeline.
    """
    dated = first.data.get("responded_at")
    if not dated or not entry.data.get("imported"):
        return True
    return entry.at >= datetime.fromisoformat(dated)


def foreign_decision(entries: Sequence[ImportedEntry]) -> ForeignDecision | None:
    """Return what another program decided about a ticket; None if it decided nothing.

    :param entries: the entries that move the clocks, oldest first.
    """
    if not entries or not entries[0].data.get("imported"):
        return None
    count = next(
        (number for number, entry in enumerate(entries) if not entry.data.get("imported")),
        len(entries),
    )
    past = entries[:count]
    ends = [
        (position, entry)
        for position, entry in enumerate(past)
        if entry.type.is_resolution or entry.type is EntryType.REOPENED
    ]
    said = past[0].data
    if ends and ends[-1][1].type.is_resolution:
        position, entry = ends[-1]
        answered = any(one.type is EntryType.REPLIED for one in past)
        found = _of_a_finished_ticket(said, answered=answered)
        event = ClockEvent(entry.at, EventKind.RESOLVED, verdicts=found)
        return ForeignDecision(position, event, replaces=True) if found else None
    if said.get("sla_met") is False:
        # It is still open: what was missed stays missed, what was not missed may still be.
        missed = {ClockName.RESOLUTION: Verdict.MISSED}
        event = ClockEvent(past[-1].at, EventKind.TARGETS, verdicts=missed)
        return ForeignDecision(count - 1, event, replaces=False)
    return None


def _of_a_finished_ticket(
    said: Mapping[str, Any], *, answered: bool
) -> Mapping[ClockName, Verdict]:
    found = {}
    if not answered:
        # The file holds no answer, so nobody knows when the first one was given.
        found = dict.fromkeys((ClockName.FIRST_RESPONSE, ClockName.NEXT_UPDATE), Verdict.UNKNOWN)
    for key, name in (
        ("response_met", ClockName.FIRST_RESPONSE),
        ("sla_met", ClockName.RESOLUTION),
    ):
        if said.get(key) is not None:
            found[name] = Verdict.KEPT if said[key] else Verdict.MISSED
    return found
