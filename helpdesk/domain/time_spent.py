"""Time spent on a ticket, in whole minutes."""

import re

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import HOURS_MINUTES, SpanFormat, SpanUnit, span_text
from helpdesk.domain.text import one_line

#: The longest single entry; more than a day is taken for a typing mistake.
MAX_MINUTES = 24 * 60

_FORMAT = SpanFormat(
    {**HOURS_MINUTES, "min": SpanUnit.MINUTE},
    count=r"[0-9]{1,2}(?=\s*h)|[0-9]{1,4}(?=\s*m)",
    several=True,
)
#: The accepted sequences of units.
_UNIT_SEQUENCES = ([SpanUnit.HOUR], [SpanUnit.MINUTE], [SpanUnit.HOUR, SpanUnit.MINUTE])
_DECIMAL = re.compile(r"(\d{1,2})[.,](\d{1,2})\s*h", re.IGNORECASE)
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d)")
_PLAIN = re.compile(r"\d{1,4}")


def read_minutes(text: str) -> int:
    """Return the minutes in ``25m``, ``1h 30m``, ``1.5h``, ``1:30`` or ``25``.

    Decimal hours are rounded up to whole minutes.

    :raises RefusedError: if the text has none of these forms, or is zero or more than a day.
    """
    minutes = _read(text.strip())
    if minutes is None:
        raise RefusedError(
            f"{one_line(text)[:40]!r} is no time spent: write 25m, 1h 30m, 1.5h or 1:30."
        )
    if not 0 < minutes <= MAX_MINUTES:
        raise RefusedError(
            f"{one_line(text)[:40]} is {minutes:,} minutes: from 1 minute to 24 hours are recorded."
        )
    return minutes


def _read(text: str) -> int | None:
    if not text.isascii():
        return None
    if _PLAIN.fullmatch(text):
        return int(text)
    if found := _CLOCK.fullmatch(text):
        return int(found[1]) * 60 + int(found[2])
    if found := _DECIMAL.fullmatch(text):
        hundredths = found[2].ljust(2, "0")
        return int(found[1]) * 60 + -(-int(hundredths) * 60 // 100)
    parts = _FORMAT.read(text)
    if [part.unit for part in parts] in _UNIT_SEQUENCES:
        return sum(part.seconds for part in parts) // SpanUnit.MINUTE
    return None


def minutes_text(minutes: int) -> str:
    """Return minutes as people write them: ``1h 30m``, ``25m``, ``-5m``."""
    return span_text(minutes * SpanUnit.MINUTE, HOURS_MINUTES, compact=True)
