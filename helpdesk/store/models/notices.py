"""Notices for agents, watchers of tickets, and which tickets are open in which app."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.domain.notices import NoticeKind
from helpdesk.store.models.base import Base, partial_index
from helpdesk.store.models.column_types import RowNumber

_UNREAD = text("read_at IS NULL")


class Notice(Base):
    """A notification for one agent, written in the transaction of the change it is about."""

    __tablename__ = "notices"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    kind: Mapped[NoticeKind]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    data: Mapped[dict[str, Any]]
    read_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_notices_agent", "agent_id", "id"),
        partial_index("ix_notices_unread", "agent_id", "ticket_id", where=_UNREAD),
    )


class Watcher(Base):
    """An agent who is notified of every change of a ticket."""

    __tablename__ = "ticket_watchers"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True, index=True)


class Presence(Base):
    """The ticket that one running app shows.

    The row is a lease: it expires at ``until``, even if the app is killed.  ``ticket_id`` is not a
    foreign key, because the row lives for seconds only.
    """

    __tablename__ = "presences"
    audited: ClassVar[bool] = False

    process: Mapped[str] = mapped_column(String(40), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    ticket_id: Mapped[int | None] = mapped_column(RowNumber)
    writing: Mapped[bool]
    until: Mapped[datetime]
