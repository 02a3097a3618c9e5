"""Reading what was promised: versions of the policy, SLAs, targets, calendars, contracts."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import max as greatest

from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store.models import Agent, Calendar, Contract, PolicyVersion, SlaPolicy, SlaTarget


def current_version(session: Session) -> int:
    """Return the number of the version in force; 0 on a desk that is being set up."""
    return session.scalar(select(greatest(PolicyVersion.id))) or 0


def version(session: Session, number: int) -> PolicyVersion | None:
    """Return a version, or None if there is none of that number."""
    return session.get(PolicyVersion, number)


def versions(session: Session) -> list[tuple[PolicyVersion, str]]:
    """Return all versions, newest first, each with the login of who applied it, or ""."""
    statement = (
        select(PolicyVersion, Agent.login)
        .outerjoin(Agent, Agent.id == PolicyVersion.applied_by)
        .order_by(PolicyVersion.id.desc())
    )
    return [(one, login or "") for one, login in session.execute(statement)]


def contract(session: Session, version_id: int, customer_id: int | None) -> Contract | None:
    """Return what a version says of a customer, or None if it says nothing."""
    return session.get(Contract, (version_id, customer_id or 0))


def fitting(
    session: Session,
    version_id: int,
    customer_id: int | None,
    service_id: int | None,
    kind: Kind | None,
) -> list[SlaPolicy]:
    """Return the SLAs of a version that fit these facts, in the order of the file."""
    statement = select(SlaPolicy).where(
        SlaPolicy.version_id == version_id,
        or_(SlaPolicy.customer_id.is_(None), SlaPolicy.customer_id == customer_id),
        or_(SlaPolicy.service_id.is_(None), SlaPolicy.service_id == service_id),
        or_(SlaPolicy.kind.is_(None), SlaPolicy.kind == kind),
    )
    return list(session.scalars(statement.order_by(SlaPolicy.id)))


def slas(session: Session, version_id: int) -> list[SlaPolicy]:
    """Return all SLAs of a version, in the order of the file."""
    statement = select(SlaPolicy).where(SlaPolicy.version_id == version_id)
    return list(session.scalars(statement.order_by(SlaPolicy.id)))


def target(session: Session, policy_id: int, priority: Priority) -> SlaTarget | None:
    """Return what an SLA allows at a priority, or None if it promises nothing there."""
    return session.get(SlaTarget, (policy_id, priority))


def calendar(session: Session, number: int) -> Calendar:
    """Return a calendar that a row or a timeline names."""
    return session.get_one(Calendar, number)


def newest_calendars(session: Session) -> dict[str, Calendar]:
    """Return the newest calendar of each name."""
    newest = select(greatest(Calendar.id)).group_by(Calendar.name)
    return {
        one.name: one for one in session.scalars(select(Calendar).where(Calendar.id.in_(newest)))
    }


def hours(session: Session, numbers: Iterable[int]) -> dict[int, dict[str, Any]]:
    """Return the hours of these calendars by number."""
    statement = select(Calendar.id, Calendar.hours).where(Calendar.id.in_(set(numbers)))
    return {row.id: row.hours for row in session.execute(statement)}
