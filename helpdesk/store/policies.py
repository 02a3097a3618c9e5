"""Reading what was promised: versions of the policy, SLAs, targets, calendars, contracts.

Rows of these tables never change: what was read once is kept (see
``store.database.immutable_cache``).
"""

from collections.abc import Callable, Hashable
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import max as greatest

from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store.database.visibility import SightedSession
from helpdesk.store.models import Agent, Calendar, Contract, PolicyVersion, SlaPolicy, SlaTarget

T = TypeVar("T")

_NEWEST = select(greatest(PolicyVersion.id))
_IN_FORCE = "policy version in force"
_ADDED = "policy version added"


def current_version(session: Session) -> int:
    """Return the number of the version in force; 0 on a desk that is being set up."""
    if _IN_FORCE not in session.info:
        session.info[_IN_FORCE] = session.scalar(_NEWEST) or 0
    return int(session.info[_IN_FORCE])


def add_version(session: Session, new: PolicyVersion) -> None:
    """Bring a version into force from the end of the transaction on."""
    session.add(new)
    session.flush()
    session.info[_IN_FORCE] = new.id
    session.info[_ADDED] = True


def version(session: Session, number: int) -> PolicyVersion | None:
    """Return a version, or None if there is none of that number."""
    return _kept(session, ("version", number), lambda: session.get(PolicyVersion, number))


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
    key = (version_id, customer_id or 0)
    statement = select(Contract).filter_by(version_id=key[0], customer_id=key[1])
    found = _kept(session, ("contract", *key), lambda: list(session.scalars(statement)))
    return found[0] if found else None


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
    key = ("fitting", version_id, customer_id, service_id, kind)
    return _kept(session, key, lambda: list(session.scalars(statement.order_by(SlaPolicy.id))))


def sla(session: Session, number: int) -> SlaPolicy:
    """Return the SLA that a ticket stands under."""
    return _kept(session, ("sla", number), lambda: session.get_one(SlaPolicy, number))


def target(session: Session, policy_id: int, priority: Priority) -> SlaTarget | None:
    """Return what an SLA allows at a priority, or None if it promises nothing there."""
    key = (policy_id, priority)
    return _kept(session, ("target", *key), lambda: session.get(SlaTarget, key))


def calendar(session: Session, number: int) -> Calendar:
    """Return a calendar that a row or a timeline names."""
    return _kept(session, ("calendar", number), lambda: session.get_one(Calendar, number))


def newest_calendars(session: Session) -> dict[str, Calendar]:
    """Return the newest calendar of each name."""
    newest = select(greatest(Calendar.id)).group_by(Calendar.name)
    return {
        one.name: one for one in session.scalars(select(Calendar).where(Calendar.id.in_(newest)))
    }


def _kept(session: Session, key: Hashable, read: Callable[[], T]) -> T:
    if not isinstance(session, SightedSession):
        return read()
    # What this transaction has added may still be undone.
    return session.kept.recall(key, session, read, sure=_ADDED not in session.info)
