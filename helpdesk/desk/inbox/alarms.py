"""List the latest warnings and breaches, and whether they concern the acting agent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.desk.session import Desk
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right, Role
from helpdesk.domain.ticket import State, ref
from helpdesk.store.ticket import tickets

_LEADS = frozenset({Role.LEAD, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class AlarmView:
    """A warning or breach in a ticket's timeline.

    :ivar number: the number of the timeline entry; later entries have higher numbers.
    :ivar at: when the alarm was due (UTC), not when it was noticed.
    :ivar percent: the share of the target that was used, 100 at a breach.
    :ivar level: the queue in which the ticket was then.
    :ivar assignee: the login of the assignee then, or "".
    :ivar mine: whether the policy notifies the acting agent: as the assignee, as an agent who
        serves the queue of an unassigned ticket, or as a lead.
    :ivar state: the state of the ticket now.
    """

    number: int
    at: datetime
    ticket: int
    ref: str
    subject: str
    clock: str
    percent: int
    breach: bool
    level: Level
    assignee: str
    mine: bool
    state: State


def recent(desk: Desk, limit: int = 500) -> tuple[AlarmView, ...]:
    """Return the newest alarms, newest first."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        rows = tickets.alarms(session, limit)
        return tuple(
            AlarmView(
                number=event.id,
                at=event.at,
                ticket=event.ticket_id,
                ref=ref(event.ticket_id),
                subject=subject,
                clock=event.data["clock"],
                percent=event.data["percent"],
                breach=event.type is EntryType.BREACHED,
                level=Level(event.data["level"]),
                assignee=event.data["assignee"],
                mine=_concerns(desk, event.data),
                state=state,
            )
            for event, subject, state in rows
        )


def _concerns(desk: Desk, data: Mapping[str, Any]) -> bool:
    notified = data["notify"]
    if "lead" in notified and desk.agent.role in _LEADS:
        return True
    if "assignee" not in notified:
        return False
    if data["assignee"]:
        return bool(data["assignee"] == desk.login)
    return Level(data["level"]) in desk.agent.levels
