"""By what a report can be told apart: its words."""

from enum import StrEnum


class By(StrEnum):
    """A property of tickets, or a part of the period (day, week, month)."""

    AGENT = "agent"
    LEVEL = "level"
    CUSTOMER = "customer"
    SERVICE = "service"
    KIND = "kind"
    CHANNEL = "channel"
    PRIORITY = "priority"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"

    @property
    def is_time(self) -> bool:
        """Whether it cuts the period instead of the tickets."""
        return self in (By.DAY, By.WEEK, By.MONTH)
