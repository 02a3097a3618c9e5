"""What was promised to whom: calendars, SLA policies with their targets, levels with their OLA."""

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.domain.escalation import Level
from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store.models.base import Base
from helpdesk.store.types import RowNumber


class Calendar(Base):
    """Support hours; ``hours`` is what ``domain.support_hours.parse_calendar`` reads."""

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    hours: Mapped[dict[str, Any]]


class SlaPolicy(Base):
    """Targets for the tickets it fits: the more of customer, service and kind it names, the
    more it counts; one that names none is the default."""

    __tablename__ = "sla_policies"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), unique=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendars.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    kind: Mapped[Kind | None]


class SlaTarget(Base):
    """The seconds of support time that a policy allows at one priority; None: no such clock."""

    __tablename__ = "sla_targets"

    policy_id: Mapped[int] = mapped_column(ForeignKey("sla_policies.id"), primary_key=True)
    priority: Mapped[Priority] = mapped_column(primary_key=True)
    first_response_s: Mapped[int | None]
    next_update_s: Mapped[int | None]
    resolution_s: Mapped[int | None]


class SupportLevel(Base):
    """A level's name on this desk and its OLA: seconds of support time allowed in its queue."""

    __tablename__ = "levels"

    level: Mapped[Level] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    ola_s: Mapped[int | None]
