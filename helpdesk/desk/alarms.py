"""The warnings and breaches that were recorded lately, and whom they concern."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.desk.session import Desk
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right, Role
from helpdesk.domain.ticket import State, ref
from helpdesk.store import tickets

_LEADS = frozenset({Role.LEAD, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class AlarmView:
    """A warning or breach in a ticket's timeline.

    :ivar number: the entry's; later entries have higher ones.
    :ivar at: when it was due, not when somebody looked.
    :ivar percent: the share of the target that was used, 100 at a breach.
    :ivar assignee: who had the ticket then, or "".
    :ivar mine: whether the policy tells the acting agent of it: as the assignee, as one of those
        who serve the queue of a ticket that nobody has, or as a lead.
    :ivar state: how the ticket stands now.
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
                breach=event.type == "breached",
                level=Level(event.data["level"]),
                assignee=event.data["assignee"],
                mine=_concerns(desk, event.data),
                state=state,
            )
            for event, subject, state in rows
        )


def _concerns(desk: Desk, data: Mapping[str, Any]) -> bool:
    told = data["notify"]
    if "lead" in told and desk.agent.role in _LEADS:
        return True
    if "assignee" not in told:
        return False
    if data["assignee"]:
        return bool(data["assignee"] == desk.login)
    return Level(data["level"]) in desk.agent.levels
