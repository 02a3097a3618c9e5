"""The warnings and breaches of a made ticket, as the desk's keeper would have recorded them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from helpdesk.desk.demo.timeline import Chronicle
from helpdesk.desk.sla import due_times, ticket_clocks
from helpdesk.desk.sla.agreement import Archive
from helpdesk.desk.sla.due_times import Alarm, Errand
from helpdesk.desk.sla.history import Past, read_history
from helpdesk.desk.unit_of_work.alarm import alarm_data, alarm_type
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.ticket import State
from helpdesk.store.models import Ticket, TicketClock

#: Below this share of its target a clock has no alarm.
_FIRST_ALARM = 0.75


def ran_short(ticket: Ticket, clocks: Iterable[TicketClock], now: datetime) -> bool:
    """Whether any clock of a ticket may have warned by now."""
    return (ticket.act_at is not None and ticket.act_at <= now) or any(
        clock.breached_at is not None
        or clock.elapsed_s >= clock.target_s * _FIRST_ALARM
        or clock.name == "next_update"
        for clock in clocks
    )


def add_alarms(story: Chronicle, ticket: Ticket, archive: Archive, now: datetime) -> None:
    """Add every alarm until ``now`` to a told story, each at its time.

    It looks at the ticket as it stood after each entry, which is when a keeper would have.
    """
    told = story.events
    ends = [*(event["at"] for event in told[1:]), now]
    seen: list[dict[str, Any]] = []
    queue, assignee = Level.L1, ""
    for event, until in zip(told, ends, strict=True):
        seen.append(event)
        queue, assignee = _whereabouts(event, queue, assignee)
        entry: EntryType = event["type"]
        if entry.is_resolution or entry is EntryType.CLOSED:
            continue
        standing = Ticket(id=ticket.id, state=State.OPEN, queue=queue)
        while event["at"] < until or until == now:
            entries = [Past(one["at"], one["type"], one["data"]) for one in seen]
            history = read_history(entries, archive)
            item = due_times.next_item(standing, history, ticket_clocks.run(history, until), until)
            if item is None or item.errand is not Errand.ALARM or item.at > until:
                break
            assert item.alarm is not None  # noqa: S101  (it is the errand's)
            seen.append(_entry(story, item.alarm, queue, assignee, event["data"]["version"]))
    story.events = sorted(seen, key=lambda one: one["at"])


def _whereabouts(event: dict[str, Any], queue: Level, assignee: str) -> tuple[Level, str]:
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
    story: Chronicle, alarm: Alarm, queue: Level, assignee: str, version: int
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
