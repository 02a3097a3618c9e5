"""The declarative base and how Python types become columns."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ColumnElement, Index, MetaData, TextClause
from sqlalchemy.orm import DeclarativeBase

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.priority import Impact, Priority, Urgency
from helpdesk.domain.roles import Role
from helpdesk.domain.sla.clock import ClockState
from helpdesk.domain.ticket import Channel, Kind, LinkKind, State, Waiting
from helpdesk.store.models.column_types import EntryWord, Instant, words

_WORDS = (
    *(Level, Role, ClockState, NoticeKind),
    *(Impact, Urgency, Priority),
    *(Channel, Kind, LinkKind, State, Waiting),
)


class Base(DeclarativeBase):
    """Base of all mapped classes."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Instant(),
        dict[str, Any]: JSON(),
        EntryType: EntryWord(),
        **{kind: words(kind) for kind in _WORDS},
    }


def partial_index(
    name: str, *columns: str, where: ColumnElement[bool] | TextClause, unique: bool = False
) -> Index:
    """Return an index over some rows only, as the migrations make it on both engines.

    The condition for PostgreSQL stands in ``info``: an option that bears an engine's name makes
    SQLAlchemy load all that it knows of that engine, a tenth of a command's time and 2 MB.
    """
    return Index(name, *columns, unique=unique, sqlite_where=where, info={"postgresql": where})
