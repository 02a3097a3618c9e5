"""Queries about policy versions, SLAs, targets, calendars and contracts.

Rows of these tables never change, so results are cached (see ``store.database.immutable_cache``).
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import max as greatest

from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store.database.visibility import FilteredSession
from helpdesk.store.models import Agent, Calendar, Contract, PolicyVersion, SlaPolicy, SlaTarget

T = TypeVar("T")

_NEWEST = select(greatest(PolicyVersion.id))
_IN_FORCE = "policy version in force"
_ADDED = "policy version added"


def current_version(session: Session) -> int:
    """Return the number of the policy version in force; 0 on a desk that is being set up."""
    if _IN_FORCE not in session.info:
        session.info[_IN_FORCE] = session.scalar(_NEWEST) or 0
    return int(session.info[_IN_FORCE])


def add_version(session: Session, new: PolicyVersion) -> None:
    """Add a policy version; it is in force from the end of the transaction on."""
    session.add(new)
    session.flush()
    session.info[_IN_FORCE] = new.id
    session.info[_ADDED] = True


def version(session: Session, number: int) -> PolicyVersion | None:
    """Return a policy version, or None if there is none with that number."""
    return _cached(session, ("version", number), lambda: session.get(PolicyVersion, number))


def versions(session: Session) -> list[tuple[PolicyVersion, str]]:
    """Return all policy versions, newest first, each with the login of who applied it, or ""."""
    statement = (
        select(PolicyVersion, Agent.login)
        .outerjoin(Agent, Agent.id == PolicyVersion.applied_by)
        .order_by(PolicyVersion.id.desc())
    )
    return [(version, login or "") for version, login in session.execute(statement)]


def contract(session: Session, version_id: int, customer_id: int | None) -> Contract | None:
    """Return a customer's contract in a policy version, or None if there is none."""
    key = (version_id, customer_id or 0)
    statement = select(Contract).filter_by(version_id=key[0], customer_id=key[1])
    found = _cached(session, ("contract", *key), lambda: list(session.scalars(statement)))
    return found[0] if found else None


def matching_slas(
    session: Session,
    version_id: int,
    customer_id: int | None,
    service_id: int | None,
    kind: Kind | None,
) -> list[SlaPolicy]:
    """Return a policy version's SLAs that match a ticket, in the order of the policy file."""
    statement = select(SlaPolicy).where(
        SlaPolicy.version_id == version_id,
        or_(SlaPolicy.customer_id.is_(None), SlaPolicy.customer_id == customer_id),
        or_(SlaPolicy.service_id.is_(None), SlaPolicy.service_id == service_id),
        or_(SlaPolicy.kind.is_(None), SlaPolicy.kind == kind),
    )
    key = ("fitting", version_id, customer_id, service_id, kind)
    return _cached(session, key, lambda: list(session.scalars(statement.order_by(SlaPolicy.id))))


def sla(session: Session, number: int) -> SlaPolicy:
    """Return an SLA by its number."""
    return _cached(session, ("sla", number), lambda: session.get_one(SlaPolicy, number))


def target(session: Session, policy_id: int, priority: Priority) -> SlaTarget | None:
    """Return an SLA's targets for a priority, or None if it has none."""
    key = (policy_id, priority)
    return _cached(session, ("target", *key), lambda: session.get(SlaTarget, key))


def calendar(session: Session, number: int) -> Calendar:
    """Return a calendar by its number."""
    return _cached(session, ("calendar", number), lambda: session.get_one(Calendar, number))


def newest_calendars(session: Session) -> dict[str, Calendar]:
    """Return the newest calendar of each name, by name."""
    newest = select(greatest(Calendar.id)).group_by(Calendar.name)
    return {
        calendar.name: calendar
        for calendar in session.scalars(select(Calendar).where(Calendar.id.in_(newest)))
    }


def copy_rows(session: Session, before: int, version_id: int) -> dict[int, int]:
    """Copy the contracts, SLAs and targets of a policy version to another version.

    :returns: the number of each new SLA by the number of the old one.
    """
    for contract in session.scalars(select(Contract).filter_by(version_id=before)):
        session.add(Contract(**{**_values(contract), "version_id": version_id}))
    numbers: dict[int, int] = {}
    for sla in session.scalars(
        select(SlaPolicy).filter_by(version_id=before).order_by(SlaPolicy.id)
    ):
        new = SlaPolicy(**{**_values(sla), "id": None, "version_id": version_id})
        session.add(new)
        session.flush()  # One by one, so that their numbers keep the order of the file.
        numbers[sla.id] = new.id
    for target in session.scalars(select(SlaTarget).where(SlaTarget.policy_id.in_(numbers))):
        session.add(SlaTarget(**{**_values(target), "policy_id": numbers[target.policy_id]}))
    session.flush()
    return numbers


def _values(row: Contract | SlaPolicy | SlaTarget) -> dict[str, Any]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _cached(session: Session, key: Hashable, read: Callable[[], T]) -> T:
    if not isinstance(session, FilteredSession):
        return read()
    # Rows that this transaction has added may still be rolled back.
    return session.cache.get_or_read(key, session, read, committed=_ADDED not in session.info)
