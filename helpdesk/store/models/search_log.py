"""What belongs to repeat issues: who else asked, which problem came back, what was searched for."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base
from helpdesk.store.models.column_types import RowNumber


class TicketRequester(Base):
    """Somebody who asked the same as the ticket's requester, by the duplicate ``via_id``."""

    __tablename__ = "ticket_requesters"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    requester_id: Mapped[int] = mapped_column(
        ForeignKey("requesters.id"), primary_key=True, index=True
    )
    via_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]


class TicketReappearance(Base):
    """With this ticket the problem ``problem_id`` came back, which ``change_id`` had fixed."""

    __tablename__ = "ticket_reappearances"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    problem_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    change_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]


class SearchRecord(Base):
    """A search that ended: what was asked, what was shown, what came of it.

    ``place`` is where it was asked (``form``, ``search``); ``topic`` the words that tell, in order
    of the alphabet, by which alike searches are grouped; ``shown`` the ids of the first hits;
    ``picked`` the one that was used or read, or "".
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
