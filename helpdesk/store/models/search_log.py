"""Repeat issues: further requesters, recurring problems, and the log of searches."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base
from helpdesk.store.models.column_types import RowNumber


class TicketRequester(Base):
    """A further requester of a ticket.

    They asked the same in its duplicate ``via_id``, or an agent named them on the ticket itself:
    then that is the ticket's own number.
    """

    __tablename__ = "ticket_requesters"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    requester_id: Mapped[int] = mapped_column(
        ForeignKey("requesters.id"), primary_key=True, index=True
    )
    via_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]


class TicketRecurrence(Base):
    """A ticket with which a problem came back; ``change_id`` is the change that had fixed it."""

    __tablename__ = "ticket_reappearances"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]


class SearchRecord(Base):
    """A finished search: its text, its hits and its outcome.

    ``place`` is where the search was made (``form``, ``search``); ``topic`` holds its significant
    words in alphabetical order, by which similar searches are grouped; ``shown`` holds the ids of
    the first hits; ``picked`` is the hit that was used or read, or "".
    """

    __tablename__ = "searches"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    at: Mapped[datetime]
    place: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(300))
    topic: Mapped[str] = mapped_column(String(300))
    shown: Mapped[list[Any]] = mapped_column(JSON)
    outcome: Mapped[str] = mapped_column(String(20))
    picked: Mapped[str] = mapped_column(String(500), default="")

    __table_args__ = (Index("ix_searches_at", "at", "id"),)
