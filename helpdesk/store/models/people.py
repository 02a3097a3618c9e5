"""Agents of the desk, and the people and organisations they serve."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

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
    """An organisation with a contract; its requesters are recognised by their mail domain."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)


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
    """A person who sends queries, identified by their mail address in lower case."""

    __tablename__ = "requesters"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    mail: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"), index=True)


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
