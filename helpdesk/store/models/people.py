"""Agents of the desk, and the people and organisations they serve."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Integer, String, Text, event, false
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.domain import person_search
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.store.models.base import Base
from helpdesk.store.models.column_types import RowNumber


class Agent(Base):
    """A person who works at this desk; ``preferences`` are their own settings.

    ``version`` counts the changes by others; ``changed_by`` is the login of the last of them.
    """

    __tablename__ = "agents"
    unaudited_columns: ClassVar[frozenset[str]] = frozenset({"version", "changed_at", "changed_by"})

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    login: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[Role]
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(64), default="", server_default="")


class AgentLevel(Base):
    """A level that an agent serves; an agent can serve several."""

    __tablename__ = "agent_levels"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    level: Mapped[Level] = mapped_column(primary_key=True)


class Customer(Base):
    """An organisation with a contract; its requesters are recognised by their mail domain.

    ``note`` is what agents should know of it.  ``version`` counts the changes of the note;
    ``changed_by`` is the login of the agent who made the last of them.
    """

    __tablename__ = "customers"
    unaudited_columns: ClassVar[frozenset[str]] = frozenset({"version", "changed_at", "changed_by"})

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(64), default="", server_default="")


class CustomerDomain(Base):
    """A mail domain whose senders belong to a customer."""

    __tablename__ = "customer_domains"

    domain: Mapped[str] = mapped_column(String(255), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"))


class CustomerConfidant(Base):
    """An agent who may see the tickets of a confidential customer; others may not."""

    __tablename__ = "customer_confidants"

    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(64), primary_key=True)


class Requester(Base):
    """A person who sends queries.

    ``mail`` is their address in lower case, or NULL: no two people have the same.  ``language`` is
    a code such as ``de``; ``note`` is what agents should know.  ``joined_to_id`` names the record
    of the same person that took this one's place; tickets that others may not see still name this
    one.  ``search_text`` is derived from name, address and telephone number (see
    ``helpdesk.domain.person``).  ``version`` counts the changes by agents; ``changed_by`` is the
    login of the last of them.
    """

    __tablename__ = "requesters"
    unaudited_columns: ClassVar[frozenset[str]] = frozenset(
        {"search_text", "version", "changed_at", "changed_by"}
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    mail: Mapped[str | None] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)
    phone: Mapped[str] = mapped_column(String(100), default="", server_default="")
    room: Mapped[str] = mapped_column(String(100), default="", server_default="")
    device: Mapped[str] = mapped_column(String(100), default="", server_default="")
    language: Mapped[str] = mapped_column(String(16), default="", server_default="")
    vip: Mapped[bool] = mapped_column(default=False, server_default=false())
    note: Mapped[str] = mapped_column(Text, default="", server_default="")
    joined_to_id: Mapped[int | None] = mapped_column(ForeignKey("requesters.id"), index=True)
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str] = mapped_column(String(64), default="", server_default="")


class Service(Base):
    """A service that queries are about.

    ``keywords`` (separated by blanks) suggest it from the words of a query.  ``production`` means
    that the business depends on it; ``owner`` is who is responsible for it.
    """

    __tablename__ = "services"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    keywords: Mapped[str] = mapped_column(String(1000), default="")
    production: Mapped[bool] = mapped_column(default=False)
    owner: Mapped[str] = mapped_column(String(100), default="")


@event.listens_for(Requester, "before_insert")
@event.listens_for(Requester, "before_update")
def _derive_search_text(_mapper: Any, _connection: Any, row: Requester) -> None:
    """Derive the words by which a person is found; bulk inserts do so themselves."""
    row.search_text = person_search.search_text(row.name, row.mail, row.phone or "")
