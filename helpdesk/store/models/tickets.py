"""Tickets with their timelines, clocks and links."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.sla.clock import ClockStanding, ClockState
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting
from helpdesk.store.models.base import Base, partial_index
from helpdesk.store.models.column_types import RowNumber, one_of
from helpdesk.store.models.ticket_states import ACTIVE_SQL, UNCLAIMED_SQL

_ACTIVE = text(ACTIVE_SQL)
_UNCLAIMED = text(UNCLAIMED_SQL)
_ACTS = text("act_at IS NOT NULL")
_RESOLVED = text("resolved_at IS NOT NULL")
_PROBLEMS = text("kind IN ('problem', 'change')")
#: The conditions of the partial indexes; queries that use these indexes repeat them.
ALARM_ENTRIES = one_of("type", (entry for entry in EntryType if entry.is_alarm))
HAND_OVER_ENTRIES = one_of("type", (entry for entry in EntryType if entry.is_hand_over))
_ALARMS, _HAND_OVERS = text(ALARM_ENTRIES), text(HAND_OVER_ENTRIES)


class Ticket(Base):
    """A ticket in its current state; its history is in :class:`TicketEvent`.

    ``due_rank`` orders a queue: it is the next due time in seconds since 1970 or, if no clock runs,
    a higher number (see ``helpdesk.desk.sla.ticket_clocks``).  ``act_at`` is when the scheduler has
    to act on the ticket: record an alarm, end a wait for a date, close it after its resolution.
    ``version`` counts the changes.  ``csat`` is the requester's rating, from 1 (bad) to 5.
    ``follow_up_at`` is the date on which an agent wants to be reminded; ``follow_up_due`` says that
    the reminder was sent.  ``callback`` is the number at which the requester waits for a call.
    """

    __tablename__ = "tickets"
    #: These can be derived from the timeline, whose entries are audited.
    unaudited_columns: ClassVar[frozenset[str]] = frozenset(
        {"version", "updated_at", "due_rank", "warn_at", "due_clock", "act_at"}
    )

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    version: Mapped[int] = mapped_column()
    subject: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[Kind]
    state: Mapped[State]
    waiting_on: Mapped[Waiting | None]
    waiting_until: Mapped[datetime | None]
    queue: Mapped[Level]
    impact: Mapped[Impact]
    urgency: Mapped[Urgency]
    priority: Mapped[Priority]
    channel: Mapped[Channel]
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    requester_id: Mapped[int | None] = mapped_column(ForeignKey("requesters.id"))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    policy_id: Mapped[int] = mapped_column(ForeignKey("sla_policies.id"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    hand_overs: Mapped[int] = mapped_column(default=0)
    reopenings: Mapped[int] = mapped_column(default=0)
    due_rank: Mapped[int] = mapped_column(BigInteger)
    warn_at: Mapped[datetime | None]
    due_clock: Mapped[str] = mapped_column(String(20), default="")
    act_at: Mapped[datetime | None]
    with_lead_since: Mapped[datetime | None]
    csat: Mapped[int | None]
    follow_up_at: Mapped[datetime | None]
    follow_up_due: Mapped[bool] = mapped_column(default=False, server_default=false())
    callback: Mapped[str] = mapped_column(String(100), default="", server_default="")

    __mapper_args__ = {  # noqa: RUF012  (the ORM's declaration)
        "version_id_col": version,
        "version_id_generator": False,  # the desk layer increments it
    }
    __table_args__ = (
        partial_index("ix_tickets_queue_due", "queue", "due_rank", "id", where=_ACTIVE),
        partial_index("ix_tickets_assignee_due", "assignee_id", "due_rank", "id", where=_ACTIVE),
        partial_index("ix_tickets_active_due", "due_rank", "id", where=_ACTIVE),
        partial_index("ix_tickets_unclaimed", "queue", "due_rank", "id", where=_UNCLAIMED),
        Index("ix_tickets_created", "created_at", "id"),
        Index("ix_tickets_customer", "customer_id", "created_at", "id"),
        Index("ix_tickets_service", "service_id", "created_at", "id"),
        Index("ix_tickets_assignee", "assignee_id", "created_at", "id"),
        Index("ix_tickets_requester", "requester_id", "id"),
        partial_index("ix_tickets_problems", "id", where=_PROBLEMS),
        partial_index("ix_tickets_act", "act_at", "id", where=_ACTS),
        partial_index("ix_tickets_resolved", "resolved_at", "id", where=_RESOLVED),
    )  # fmt: skip


class TicketEvent(Base):
    """An entry of a ticket's timeline.  Rows are only ever added."""

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    type: Mapped[EntryType]
    public: Mapped[bool]
    text: Mapped[str] = mapped_column(Text, default="")
    data: Mapped[dict[str, Any]]

    __table_args__ = (
        Index("ix_ticket_events_ticket", "ticket_id", "id"),
        partial_index("ix_ticket_events_alarms", "id", where=_ALARMS),
        Index("ix_ticket_events_at", "at", "type"),
        partial_index("ix_ticket_events_moves", "ticket_id", where=_HAND_OVERS),
    )


class TicketClock(Base):
    """A clock of a ticket, as of the last event that changed it (``as_of``)."""

    __tablename__ = "ticket_clocks"
    #: These change with time and are computed from the others.
    unaudited_columns: ClassVar[frozenset[str]] = frozenset({"warn_at", "as_of", "standing"})
    #: How much time has passed is fixed once the clock has ended.
    audited_only_with: ClassVar[dict[str, str]] = {"elapsed_s": "met_at"}
    #: What happened to a ticket says what happened to its clocks.
    is_summarised: ClassVar[bool] = False

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    target_s: Mapped[int] = mapped_column(BigInteger)
    elapsed_s: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[ClockState]
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    as_of: Mapped[datetime]
    standing: Mapped[ClockStanding] = mapped_column(default=ClockStanding.IN_FORCE)

    __table_args__ = (Index("ix_ticket_clocks_due", "due_at"),)


class TicketLink(Base):
    """A link between two tickets: ``ticket_id`` is a duplicate, a child, … of ``other_id``."""

    __tablename__ = "ticket_links"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True, index=True)
    kind: Mapped[LinkKind] = mapped_column(primary_key=True)


class TicketArticle(Base):
    """An article that answered a ticket."""

    __tablename__ = "ticket_articles"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    at: Mapped[datetime]

    __table_args__ = (Index("ix_ticket_articles_path", "path", "at"),)


class TicketOrigin(Base):
    """The id of an imported ticket in the system from which it was imported."""

    __tablename__ = "ticket_origins"

    source: Mapped[str] = mapped_column(String(100), primary_key=True)
    source_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
