"""Reading what was promised: policies, targets, calendars, levels."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Priority
from helpdesk.store.models import Calendar, SlaPolicy, SlaTarget, SupportLevel


@dataclass(frozen=True, slots=True)
class StoredPolicy:
    """A policy with its calendar and its targets by priority."""

    policy: SlaPolicy
    calendar: Calendar
    targets: dict[Priority, SlaTarget]


def policies(session: Session) -> list[StoredPolicy]:
    """Return all policies."""
    targets: dict[int, dict[Priority, SlaTarget]] = {}
    for target in session.scalars(select(SlaTarget)):
        targets.setdefault(target.policy_id, {})[target.priority] = target
    statement = (
        select(SlaPolicy, Calendar)
        .join(Calendar, Calendar.id == SlaPolicy.calendar_id)
        .order_by(SlaPolicy.id)
    )
    return [
        StoredPolicy(policy, calendar, targets.get(policy.id, {}))
        for policy, calendar in session.execute(statement)
    ]


def calendars(session: Session) -> dict[str, dict[str, Any]]:
    """Return the hours of every calendar by name."""
    return {calendar.name: calendar.hours for calendar in session.scalars(select(Calendar))}


def target_rows(
    policy_id: int, targets: Mapping[Priority, tuple[int | None, int | None, int | None]]
) -> list[SlaTarget]:
    """Return the rows of a policy's targets.

    :param targets: seconds of support time for (first response, next update, resolution).
    """
    return [
        SlaTarget(
            policy_id=policy_id,
            priority=priority,
            first_response_s=first_response,
            next_update_s=next_update,
            resolution_s=resolution,
        )
        for priority, (first_response, next_update, resolution) in targets.items()
    ]


def olas(session: Session) -> dict[Level, int | None]:
    """Return each level's OLA in seconds of support time; None where it has none."""
    return {row.level: row.ola_s for row in session.scalars(select(SupportLevel))}
