"""The properties by which a report can be grouped."""

from enum import StrEnum


class GroupBy(StrEnum):
    """What to group by: a property of tickets, or a part of the period (day, week, month)."""

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
        """Whether it divides the period instead of the tickets."""
        return self in (GroupBy.DAY, GroupBy.WEEK, GroupBy.MONTH)
