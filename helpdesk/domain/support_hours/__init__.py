"""Support hours: calendars that say which seconds count for the SLA clocks.

:class:`SupportCalendar` is the interface; :func:`parse_calendar` and :func:`dump_calendar` read and
write it.  A span has two wall times; weeks and special days have spans; a calendar has a week and
special days, and is compiled to a ``Timeline`` for fast lookups.
"""

from helpdesk.domain.support_hours.calendar import SupportCalendar
from helpdesk.domain.support_hours.calendar_file import dump_calendar, parse_calendar
from helpdesk.domain.support_hours.period import Period
from helpdesk.domain.support_hours.span import Span
from helpdesk.domain.support_hours.special_day import SpecialDay
from helpdesk.domain.support_hours.wall_time import WallTime
from helpdesk.domain.support_hours.week_hours import WeekHours

__all__ = [
    "Period",
    "Span",
    "SpecialDay",
    "SupportCalendar",
    "WallTime",
    "WeekHours",
    "dump_calendar",
    "parse_calendar",
]
