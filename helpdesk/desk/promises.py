"""What a ticket was promised: the SLA policy that fits it, with its calendar and targets."""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.agreement import choose
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar, parse_calendar
from helpdesk.domain.ticket import Kind
from helpdesk.store import agreements
from helpdesk.store.agreements import StoredPolicy
from helpdesk.store.models import SlaTarget, Ticket


@dataclass(frozen=True, slots=True)
class Promise:
    """A policy as it applies at one priority."""

    policy_id: int
    policy: str
    calendar_name: str
    calendar: SupportCalendar
    targets: Targets

    def as_data(self) -> dict[str, Any]:
        """Return what the timeline keeps of it, so that clocks can be computed from events."""
        return {
            "policy": self.policy,
            "calendar": self.calendar_name,
            "first_response_s": self.targets.first_response_s,
            "next_update_s": self.targets.next_update_s,
            "resolution_s": self.targets.resolution_s,
        }


def for_facts(
    session: Session,
    customer_id: int | None,
    service_id: int | None,
    kind: Kind,
    priority: Priority,
) -> Promise:
    """Return what a ticket of these facts is promised.

    :raises RefusedError: if no policy fits.
    """
    stored = {one.policy.id: one for one in agreements.policies(session)}
    policy = choose((one.policy for one in stored.values()), customer_id, service_id, kind)
    return _promise(stored[policy.id], priority)


def for_ticket(session: Session, ticket: Ticket) -> Promise:
    """Return what a ticket is promised by its customer, service, kind and priority now."""
    return for_facts(session, ticket.customer_id, ticket.service_id, ticket.kind, ticket.priority)


def _promise(stored: StoredPolicy, priority: Priority) -> Promise:
    target = stored.targets.get(priority) or SlaTarget()
    return Promise(
        policy_id=stored.policy.id,
        policy=stored.policy.name,
        calendar_name=stored.calendar.name,
        calendar=calendar_of(stored.calendar.hours),
        targets=Targets(
            first_response_s=target.first_response_s,
            next_update_s=target.next_update_s,
            resolution_s=target.resolution_s,
        ),
    )


def calendars(session: Session) -> dict[str, SupportCalendar]:
    """Return the desk's calendars by name."""
    return {name: calendar_of(hours) for name, hours in agreements.calendars(session).items()}


def targets_from(data: dict[str, Any]) -> Targets:
    """Return the targets that :meth:`Promise.as_data` kept."""
    return Targets(
        first_response_s=data["first_response_s"],
        next_update_s=data["next_update_s"],
        resolution_s=data["resolution_s"],
    )


def calendar_of(hours: dict[str, Any]) -> SupportCalendar:
    """Return the calendar of stored hours; equal hours give the same object."""
    return _parsed(json.dumps(hours, sort_keys=True))


@lru_cache(maxsize=256)
def _parsed(document: str) -> SupportCalendar:
    return parse_calendar(json.loads(document))
