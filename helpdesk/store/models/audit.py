"""The audit trail.  On both engines, triggers prevent changing or deleting a record."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base
from helpdesk.store.models.column_types import RowNumber


class AuditRecord(Base):
    """A change or a refused attempt; see ``helpdesk.domain.audit.Record``."""

    __tablename__ = "audit_records"
    audited: ClassVar[bool] = False

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    login: Mapped[str] = mapped_column(String(64))
    address: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(60))
    host: Mapped[str] = mapped_column(String(255))
    did: Mapped[str] = mapped_column(String(200))
    what: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))


class AuditValues(Base):
    """The values and salts of a record, which are not part of it so that they can be erased.

    ``beside`` is a JSON list with an object for each change of the record (see
    ``store.database.recorded_change``).  ``erased_by`` is the number of the record of the newest
    erasure, or NULL; the triggers allow no other change.
    """

    __tablename__ = "audit_values"
    audited: ClassVar[bool] = False

    seq: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    beside: Mapped[str] = mapped_column(Text)
    erased_by: Mapped[int | None] = mapped_column(RowNumber)


class AuditHead(Base):
    """The end of the trail, in a row of its own, which is locked while a record is added."""

    __tablename__ = "audit_head"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(RowNumber)
    digest: Mapped[str] = mapped_column(String(64))
    #: The number of the newest timeline entry when the trail began.
    events_before: Mapped[int] = mapped_column(RowNumber)
