"""Support time in words."""

from helpdesk.domain.span import HOURS_MINUTES, HOURS_TO_SECONDS, SpanUnit, span_text


def duration_text(seconds: int) -> str:
    """Return ``3h 10m``, ``2m 05s`` or ``-1h 00m``: hours and minutes, seconds where they matter.

    Seconds are left out of whole minutes.  Days are not used: is one 24 hours or a working day?
    """
    whole_minutes = seconds != 0 and seconds % SpanUnit.MINUTE == 0
    return span_text(seconds, HOURS_MINUTES if whole_minutes else HOURS_TO_SECONDS, parts=3)
