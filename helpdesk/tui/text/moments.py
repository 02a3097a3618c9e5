"""Format moments so that a past one never reads as a coming one, nor one year as another.

What comes is named by its time of day, its weekday or its date, whichever is unique; what lies back
says how long ago it was.  All times are shown in the desk's time zone.
"""

from datetime import datetime, timedelta

from helpdesk.domain.desk_zone import to_local
from helpdesk.domain.i18n import _
from helpdesk.domain.span import DAYS_TO_SECONDS, HOURS_MINUTES, SpanUnit, span_text

#: A weekday is unique for this long, counted in days of the calendar.
_WEEKDAYS = 6


def age_text(since: datetime | None, now: datetime) -> str:
    """Return the time since a moment in its largest unit only, such as ``12m``, ``5h``, ``3d``.

    A single unit keeps the text the same for long, so that its line is seldom redrawn.
    """
    if since is None:
        return "–"
    seconds = max(0, int((now - since).total_seconds()))
    units = HOURS_MINUTES if seconds < 2 * SpanUnit.DAY else DAYS_TO_SECONDS
    return span_text(seconds, units, parts=1)


def moment_text(at: datetime, now: datetime) -> str:
    """Return a moment: ``13:00`` today, ``Fri 13:00``, ``Dec 24 13:00``, or ``6d ago``."""
    if at < now:
        return _("{age} ago").format(age=age_text(at, now))
    local, today = to_local(at), to_local(now).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    if local.date() <= today + timedelta(days=_WEEKDAYS):
        return f"{local:%a %H:%M}"
    return stamp_text(at, now)


def stamp_text(at: datetime, now: datetime) -> str:
    """Return the date and time of an entry: ``Nov 23 09:00``, or ``2025-11-23 09:00``.

    The year is named unless it is the current one.
    """
    local = to_local(at)
    this_year = local.year == to_local(now).year
    return f"{local:%b %d %H:%M}" if this_year else f"{local:%Y-%m-%d %H:%M}"


def day_text(at: datetime, now: datetime) -> str:
    """Return the date of an entry: ``Nov 23``, or ``2025-11-23`` unless it is of this year."""
    local = to_local(at)
    return f"{local:%b %d}" if local.year == to_local(now).year else f"{local:%Y-%m-%d}"


def clock_time_text(at: datetime, now: datetime) -> str:
    """Return the time of an entry: ``09:00`` if it is of today, else as :func:`stamp_text`."""
    local = to_local(at)
    same_day = local.date() == to_local(now).date()
    return f"{local:%H:%M}" if same_day else stamp_text(at, now)
