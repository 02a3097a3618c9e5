"""Facts about the desk itself."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.store.models.base import Base


class Fact(Base):
    """A named fact, such as ``owner``: the login of the person who opened the desk first."""

    __tablename__ = "desk_facts"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
