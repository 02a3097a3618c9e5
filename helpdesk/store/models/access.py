"""SSH access: the keys of agents and their current connections."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base
from helpdesk.store.models.column_types import RowNumber


class AgentKey(Base):
    """A public key with which an agent signs in over SSH.

    ``fingerprint`` is ``SHA256:…`` as ``ssh-keygen -l`` prints it, ``public`` the key in the format
    of ``authorized_keys``, ``strength`` its type and size for people.
    """

    __tablename__ = "agent_keys"

    fingerprint: Mapped[str] = mapped_column(String(60), primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"), index=True)
    public: Mapped[str] = mapped_column(Text)
    comment: Mapped[str] = mapped_column(String(100), default="")
    strength: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime]
    added_by: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))


class Connection(Base):
    """A process in which an agent is signed in over SSH.

    ``process_start`` distinguishes it from a later process with the same number (see
    ``helpdesk.ssh.process``); ``seen_at`` is its last sign of life.  ``leave`` is the sentence that
    asks it to end, or "".
    """

    __tablename__ = "connections"
    audited: ClassVar[bool] = False

    id: Mapped[int] = mapped_column(RowNumber, primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    host: Mapped[str] = mapped_column(String(255))
    process: Mapped[int] = mapped_column(RowNumber)
    process_start: Mapped[int] = mapped_column(RowNumber)
    since: Mapped[datetime]
    seen_at: Mapped[datetime]
    address: Mapped[str] = mapped_column(String(64), default="")
    fingerprint: Mapped[str] = mapped_column(String(60), default="")
    terminal: Mapped[str] = mapped_column(String(64), default="")
    leave: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (Index("ix_connections_agent", "agent_id", "id"),)
