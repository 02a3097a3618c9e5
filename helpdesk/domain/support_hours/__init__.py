"""Support hours: which seconds count.

:class:`SupportCalendar` answers everything; :func:`parse_calendar` and :func:`dump_calendar` read
and write it.  One noun a module: wall times make spans, spans make weeks and special days, these
make a calendar, and a timeline is what a calendar compiles to.
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
