"""Support time as text."""

from helpdesk.domain.span import HOURS_MINUTES, HOURS_TO_SECONDS, SpanUnit, span_text


def duration_text(seconds: int) -> str:
    """Return a duration as text: ``3h 10m``, ``2m 05s`` or ``-1h 00m``.

    Seconds are omitted from whole minutes.  Days are not used, because a reader would not know
    whether a day has 24 hours or is a working day.
    """
    whole_minutes = seconds != 0 and seconds % SpanUnit.MINUTE == 0
    return span_text(seconds, HOURS_MINUTES if whole_minutes else HOURS_TO_SECONDS, parts=3)
