"""Tags, saved views, macros and time entries."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base, partial_index
from helpdesk.store.models.column_types import RowNumber

_SHARED = text("shared")
_OWN = text("NOT shared")


class TicketTag(Base):
    """A tag of a ticket, normalised by ``domain.tags``."""

    __tablename__ = "ticket_tags"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(40), primary_key=True)

    __table_args__ = (Index("ix_ticket_tags_tag", "tag", "ticket_id"),)


class SavedView(Base):
    """A named filter.

    ``columns`` are the names of its columns in order; if empty, the width decides.  ``version``
    counts the changes.  Names are unique among shared views, and among the own views of an agent.
    """

    __tablename__ = "saved_views"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    shared: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(60))
    query: Mapped[str] = mapped_column(Text)
    columns: Mapped[list[Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")

    __table_args__ = (
        partial_index("ix_saved_views_own", "owner_id", "name", unique=True, where=_OWN),
        partial_index("ix_saved_views_shared", "name", unique=True, where=_SHARED),
    )  # fmt: skip


class Macro(Base):
    """Saved steps and a saved text; without steps it is a canned reply.

    ``steps`` are in the format of ``domain.macro.read_step``.  Names are unique as those of
    :class:`SavedView` are.
    """

    __tablename__ = "macros"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    shared: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(60))
    steps: Mapped[list[Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text, default="")
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")

    __table_args__ = (
        partial_index("ix_macros_own", "owner_id", "name", unique=True, where=_OWN),
        partial_index("ix_macros_shared", "name", unique=True, where=_SHARED),
    )  # fmt: skip


class TimeEntry(Base):
    """Minutes that an agent spent on a ticket.  Rows are only added; a merge moves them.

    A mistake is corrected by a second row with negative minutes; its ``corrects_id`` is the first.
    """

    __tablename__ = "time_entries"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    at: Mapped[datetime]
    minutes: Mapped[int]
    billable: Mapped[bool]
    note: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("time_entries.id"))

    __table_args__ = (
        Index("ix_time_entries_ticket", "ticket_id", "id"),
        Index("ix_time_entries_at", "at", "ticket_id"),
        Index("ix_time_entries_corrects", "corrects_id", unique=True),
    )


class Timer(Base):
    """The running timer of an agent, who can have only one."""

    __tablename__ = "timers"

    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    started_at: Mapped[datetime]
