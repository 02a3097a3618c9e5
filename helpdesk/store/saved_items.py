"""Things with a name that an agent keeps for themselves or shares: saved views, macros."""

from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, Macro, SavedView

N = TypeVar("N", SavedView, Macro)


def visible(session: Session, kind: type[N], agent_id: int) -> list[tuple[N, str]]:
    """Return what an agent has or others share, by name, each with its owner's login.

    An own one hides a shared one of the same name.
    """
    statement = (
        select(kind, Agent.login)
        .join(Agent, Agent.id == kind.owner_id)
        .where(or_(kind.shared, kind.owner_id == agent_id))
        .order_by(kind.name)
    )
    found: dict[str, tuple[N, str]] = {}
    for one, login in session.execute(statement):
        if one.name not in found or not one.shared:
            found[one.name] = (one, login)
    return [found[name] for name in sorted(found, key=str.casefold)]


def find(session: Session, kind: type[N], agent_id: int, name: str, *, shared: bool) -> N | None:
    """Return the one of that name among those that are shared, or among an agent's own."""
    whose = kind.shared if shared else (~kind.shared & (kind.owner_id == agent_id))
    return session.scalar(select(kind).where(kind.name == name, whose))
