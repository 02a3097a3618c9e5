"""Reader of the spans of time in a policy: ``15m``, ``4h``, ``1h 30m``, ``3d``.

A day has 24 hours.  For targets and OLAs these are 24 hours of support time, which are three
working days of a desk that is open eight hours a day.
"""

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.span import DAYS_TO_SECONDS, SpanFormat

_FORMAT = SpanFormat(DAYS_TO_SECONDS, count="[0-9]{1,6}", several=True, any_case=False)


def parse_span(text: object) -> int:
    """Return the seconds of a span.

    :raises RefusedError: if it is not a span or its length is zero.
    """
    if isinstance(text, str):
        seconds = sum(part.seconds for part in _FORMAT.read(text.strip()))
        if seconds:
            return seconds
    raise RefusedError(f"{text!r:.40} is no span of time: write it like 15m, 4h, 1h 30m or 3d.")
