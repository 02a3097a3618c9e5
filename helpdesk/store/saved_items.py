"""Queries about named things that an agent saves or shares: saved views and macros."""

from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, Macro, SavedView

N = TypeVar("N", SavedView, Macro)


def visible(session: Session, kind: type[N], agent_id: int) -> list[tuple[N, str]]:
    """Return an agent's own and all shared items by name, each with its owner's login.

    An own item hides a shared item of the same name.
    """
    statement = (
        select(kind, Agent.login)
        .join(Agent, Agent.id == kind.owner_id)
        .where(or_(kind.shared, kind.owner_id == agent_id))
        .order_by(kind.name)
    )
    found: dict[str, tuple[N, str]] = {}
    for item, login in session.execute(statement):
        if item.name not in found or not item.shared:
            found[item.name] = (item, login)
    return [found[name] for name in sorted(found, key=str.casefold)]


def find(session: Session, kind: type[N], agent_id: int, name: str, *, shared: bool) -> N | None:
    """Return the item of that name among the shared ones or among an agent's own, or None."""
    scope = kind.shared if shared else (~kind.shared & (kind.owner_id == agent_id))
    return session.scalar(select(kind).where(kind.name == name, scope))
