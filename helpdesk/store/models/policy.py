"""Policy versions with their SLAs, calendars and contracts.

Rows are only ever added.  A ticket's timeline refers to rows of these tables, so that a due time
can be explained years later.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store.models.base import Base
from helpdesk.store.models.column_types import RowNumber


class PolicyVersion(Base):
    """A policy file as it was applied; the one with the highest number is in force.

    ``rules`` is in the format of ``domain.policy.desk_rules.Rulebook.from_document``.
    """

    __tablename__ = "policy_versions"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    label: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    rules: Mapped[dict[str, Any]]
    applied_at: Mapped[datetime]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))


class Calendar(Base):
    """Support hours; ``hours`` is in the format of ``domain.support_hours.parse_calendar``.

    A changed calendar gets a new row of the same name.
    """

    __tablename__ = "calendars"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), index=True)
    hours: Mapped[dict[str, Any]]


class SlaPolicy(Base):
    """An SLA, with the customer, service and kind of the tickets to which it applies.

    Of several matching SLAs the one that names most of the three applies; one that names none is
    the default.  Without a calendar, the support hours of the customer's contract apply.
    """

    __tablename__ = "sla_policies"

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"))
    name: Mapped[str] = mapped_column(String(100))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    service_id: Mapped[int | None] = mapped_column(ForeignKey("services.id"))
    kind: Mapped[Kind | None]

    __table_args__ = (Index("ix_sla_policies_terms", "version_id", "customer_id"),)


class SlaTarget(Base):
    """The targets of an SLA for one priority, in seconds of support time; None: no clock."""

    __tablename__ = "sla_targets"

    policy_id: Mapped[int] = mapped_column(ForeignKey("sla_policies.id"), primary_key=True)
    priority: Mapped[Priority] = mapped_column(primary_key=True)
    first_response_s: Mapped[int | None]
    next_update_s: Mapped[int | None]
    resolution_s: Mapped[int | None]


class Contract(Base):
    """A customer's contract in one policy version.

    ``starts_at`` is the first second of the contract, ``ends_at`` the first second after it;
    ``terms`` holds its other settings under their names in the policy file.
    """

    __tablename__ = "contracts"

    version_id: Mapped[int] = mapped_column(ForeignKey("policy_versions.id"), primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), primary_key=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendars.id"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    terms: Mapped[dict[str, Any]]
