"""Add warnings and breaches to a demo ticket, as the desk's scheduler would have recorded them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from helpdesk.desk.demo.timeline import DemoTicket
from helpdesk.desk.sla import due_times, ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive
from helpdesk.desk.sla.due_times import Alarm, DueActionKind
from helpdesk.desk.sla.history import UnsavedEntry, read_history
from helpdesk.desk.unit_of_work.alarm import alarm_data, alarm_type
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import State
from helpdesk.store.models import Ticket, TicketClock

#: A clock that has used less than this share of its target has no alarm yet.
_FIRST_ALARM = 0.75


def ran_short(ticket: Ticket, clocks: Iterable[TicketClock], now: datetime) -> bool:
    """Whether any clock of a ticket may have raised an alarm by ``now``."""
    return (ticket.act_at is not None and ticket.act_at <= now) or any(
        clock.breached_at is not None
        or clock.elapsed_s >= clock.target_s * _FIRST_ALARM
        or clock.name == "next_update"
        for clock in clocks
    )


def add_alarms(story: DemoTicket, ticket: Ticket, archive: PolicyArchive, now: datetime) -> None:
    """Add every alarm that was due until ``now`` to a complete timeline.

    The due time is computed after each timeline entry, because each can move the clocks.
    """
    events = story.events
    ends = [*(event["at"] for event in events[1:]), now]
    result: list[dict[str, Any]] = []
    queue, assignee = Level.L1, ""
    for event, until in zip(events, ends, strict=True):
        result.append(event)
        queue, assignee = _queue_and_assignee(event, queue, assignee)
        entry: EntryType = event["type"]
        if entry.ends_work or entry is EntryType.CLOSED:
            continue
        state_then = Ticket(id=ticket.id, state=State.OPEN, queue=queue)
        while event["at"] < until or until == now:
            entries = [UnsavedEntry(past["at"], past["type"], past["data"]) for past in result]
            history = read_history(entries, archive)
            clocks = ticket_clocks.clock_tracks(history, until)
            item = due_times.next_due_action(state_then, history, clocks, until)
            if item is None or item.kind is not DueActionKind.ALARM or item.at > until:
                break
            assert item.alarm is not None  # noqa: S101  (an item of this kind has an alarm)
            result.append(_entry(story, item.alarm, queue, assignee, event["data"]["version"]))
    story.events = sorted(result, key=lambda entry: entry["at"])


def _queue_and_assignee(event: dict[str, Any], queue: Level, assignee: str) -> tuple[Level, str]:
    """Return the queue and the assignee's login after an entry, given those before it."""
    data = event["data"]
    match event["type"]:
        case EntryType.CLAIMED | EntryType.ASSIGNED:
            return queue, data["to"]
        case EntryType.RELEASED:
            return queue, ""
        case EntryType.ESCALATED | EntryType.RETURNED:
            return Level(data["to"]), ""
    return queue, assignee


def _entry(
    story: DemoTicket, alarm: Alarm, queue: Level, assignee: str, version: int
) -> dict[str, Any]:
    return {
        "ticket_id": story.number,
        "at": alarm.mark.at,
        "actor_id": None,
        "type": alarm_type(alarm),
        "public": False,
        "text": "",
        "data": {**alarm_data(alarm, queue, assignee), "version": version},
    }
