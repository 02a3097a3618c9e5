"""Spans of time as a policy writes them: ``15m``, ``4h``, ``1h 30m``, ``3d``.

A day is 24 hours.  Where support time is meant (targets, OLAs) that is 24 hours of support time,
which are three working days of a desk that is open eight hours a day.
"""

import re

from helpdesk.domain.errors import RefusedError

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 24 * 3600}
_SPAN = re.compile(r"(?:[0-9]{1,6}\s*[smhd]\s*)+")
_PART = re.compile(r"([0-9]+)\s*([smhd])")


def parse_span(text: object) -> int:
    """Return the seconds of a span.

    :raises RefusedError: if it is no span or takes no time.
    """
    if isinstance(text, str) and _SPAN.fullmatch(text.strip()):
        seconds = sum(int(count) * _SECONDS[unit] for count, unit in _PART.findall(text))
        if seconds:
            return seconds
    raise RefusedError(f"{text!r:.40} is no span of time: write it like 15m, 4h, 1h 30m or 3d.")
