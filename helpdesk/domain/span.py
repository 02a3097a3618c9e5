"""Spans of time: how people write them (``90m``, ``1h 30m``, ``2d``) and how they are shown.

The letter ``m`` means minutes in some places and months in others, so every caller passes the
units that it accepts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum


class SpanUnit(IntEnum):
    """A unit and how many seconds it has; a month counts 30 days and a year 365."""

    SECOND = 1
    MINUTE = 60
    HOUR = 3600
    DAY = 24 * 3600
    WEEK = 7 * 24 * 3600
    MONTH = 30 * 24 * 3600
    YEAR = 365 * 24 * 3600


#: Hours and minutes, the largest first.
HOURS_MINUTES: Mapping[str, SpanUnit] = {"h": SpanUnit.HOUR, "m": SpanUnit.MINUTE}
HOURS_TO_SECONDS: Mapping[str, SpanUnit] = {**HOURS_MINUTES, "s": SpanUnit.SECOND}
DAYS_TO_SECONDS: Mapping[str, SpanUnit] = {"d": SpanUnit.DAY, **HOURS_TO_SECONDS}


@dataclass(frozen=True, slots=True)
class SpanPart:
    """A count and its unit; ``letter`` is the unit as it was written, in lower case."""

    count: int
    letter: str
    unit: SpanUnit

    @property
    def seconds(self) -> int:
        """The length in seconds."""
        return self.count * self.unit


@dataclass(frozen=True, slots=True)
class SpanFormat:
    """How a span may be written in one place.

    :ivar units: the accepted letters and the unit that each of them means.
    :ivar count: the regular expression of a count.
    :ivar several: whether a span may have several parts, as in ``1h 30m``.
    :ivar any_case: whether capital letters are accepted as well.
    :ivar blanks: whether white space may stand between a count and its unit.
    """

    units: Mapping[str, SpanUnit]
    count: str = "[0-9]{1,4}"
    several: bool = False
    any_case: bool = True
    blanks: bool = True
    _part: re.Pattern[str] = field(init=False, repr=False, compare=False)
    _whole: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        longest_first = sorted(self.units, key=len, reverse=True)
        gap = r"\s*" if self.blanks else ""
        part = rf"({self.count}){gap}({'|'.join(longest_first)})"
        whole = rf"{part}(?:\s*{part})*" if self.several else part
        flags = re.IGNORECASE if self.any_case else re.NOFLAG
        object.__setattr__(self, "_part", re.compile(part, flags))
        object.__setattr__(self, "_whole", re.compile(whole, flags))

    def read(self, text: str) -> tuple[SpanPart, ...]:
        """Return the parts of a span in the order written; () if the text is not a span."""
        if not self._whole.fullmatch(text):
            return ()
        written = [(int(count), unit.lower()) for count, unit in self._part.findall(text)]
        return tuple(SpanPart(count, unit, self.units[unit]) for count, unit in written)


def span_text(
    seconds: int,
    units: Mapping[str, SpanUnit] = DAYS_TO_SECONDS,
    *,
    parts: int = 2,
    compact: bool = False,
    minus: str = "-",
) -> str:
    """Return a span in its largest units: ``2d 5h``, ``3h 02m``, ``12m 30s``, ``45s``.

    :param units: the units to use, largest first; a remainder below the last one is dropped.
    :param parts: the most units to show.
    :param compact: omit zero units and leading zeros: ``1h``, ``1h 5m``.
    :param minus: the sign of a negative span.
    """
    left = abs(seconds)
    shown: list[str] = []
    last = min(units.values())
    for letter, unit in units.items():
        count, left = divmod(left, unit)
        if count or (shown and not compact) or (unit is last and not shown):
            is_padded = shown and not compact and unit < SpanUnit.HOUR
            shown.append(f"{count:02}{letter}" if is_padded else f"{count}{letter}")
            if len(shown) == parts:
                break
    return (minus if seconds < 0 else "") + " ".join(shown)
