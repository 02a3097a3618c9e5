"""Settings of the desk itself."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base


class DeskSetting(Base):
    """A named value about the desk, such as ``owner``: the login of its first user."""

    __tablename__ = "desk_facts"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
