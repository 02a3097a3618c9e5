"""Read the times of an export file."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
#: A format of its own: dates as a country writes them, ``3/4/2024 9:05 PM``, in the order given.
LOCAL = "local"
#: Ticket programs are younger; what is earlier stands for "never".
_EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
_REMEMBERED = 50_000
_LOCAL = re.compile(
    r"(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?:\.\d+)?\s*([AaPp])?\.?(?:[Mm]\.?)?)?"
)


class TimeError(ValueError):
    """A text is no time; the message says why, as the end of a sentence that names the text."""


class TimeReader:
    """Reads times in the formats of a mapping.

    :ivar zone: the zone of times that name none.
    """

    def __init__(self, formats: Iterable[str], zone: ZoneInfo, order: str) -> None:
        """Prepare to read.

        :param formats: ``iso``, ``epoch``, ``local`` or strptime formats, tried in turn.
        :param order: ``day-first``, ``month-first``, or "" if nobody said.
        """
        self._formats = tuple(dict.fromkeys(_in_order(form, order) for form in formats))
        self.zone = zone
        self._order = order
        orders = {found for form in self._formats if (found := _order_of(form))}
        self._tries_all = not order and len(orders) > 1
        self._read: dict[str, datetime] = {}

    def read(self, text: str) -> datetime:
        """Return a time in UTC, in whole seconds.

        :raises TimeError: if it has none of the formats, can be two days, or cannot be.
        """
        found = self._read.get(text)
        if found is None:
            found = self._parse(text)
            if len(self._read) >= _REMEMBERED:
                self._read.clear()
            self._read[text] = found
        return found

    def _parse(self, text: str) -> datetime:
        found = []
        for form in self._formats:
            try:
                found.append(self._in_utc(self._by_format(text, form)))
            except TimeError:
                raise
            except (ValueError, OverflowError, OSError):
                continue
            if not self._tries_all:
                break
        if not found:
            raise TimeError(
                f"is not a time in a format of the mapping ({', '.join(self._formats)})"
            )
        if len(set(found)) > 1:
            raise _ambiguous(found[0], found[1])
        if found[0] < _EARLIEST:
            raise TimeError('cannot be: if it means "not known", name it in [source] missing')
        return found[0]

    def _by_format(self, text: str, form: str) -> datetime:
        if form == "iso":
            return datetime.fromisoformat(text)
        if form == "epoch":
            return datetime.fromtimestamp(int(text), UTC)
        if form == LOCAL:
            return _local(text, self._order)
        return datetime.strptime(text, form)  # noqa: DTZ007  (the zone is added below)

    def _in_utc(self, at: datetime) -> datetime:
        if at.tzinfo is not None:
            return at.astimezone(UTC).replace(microsecond=0)
        instant = at.replace(tzinfo=self.zone).astimezone(UTC)
        if instant.astimezone(self.zone).replace(tzinfo=None) != at:
            raise TimeError(
                f"cannot be: the clocks of {self.zone.key} were put forward over it; name the zone "
                "of the file's times in [source] timezone"
            )
        return instant.replace(microsecond=0)


def _local(text: str, order: str) -> datetime:
    match = _LOCAL.fullmatch(text)
    if match is None:
        raise ValueError(text)
    first, second = int(match[1]), int(match[3])
    year = int(match[4]) + (2000 if len(match[4]) < 4 else 0)
    hour, minute, second_of = (int(match[part] or 0) for part in (5, 6, 7))
    if match[8]:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if match[8] in "Pp" else 0)
    clock = timedelta(hours=hour, minutes=minute, seconds=second_of)
    if hour > 23 or minute > 59 or second_of > 59:
        raise ValueError(text)
    if order == MONTH_FIRST or (not order and second > 12):
        return datetime(year, first, second) + clock  # noqa: DTZ001  (the zone is added later)
    day_first = datetime(year, second, first) + clock  # noqa: DTZ001
    if not order and first <= 12 and first != second:
        raise _ambiguous(day_first, datetime(year, first, second) + clock)  # noqa: DTZ001
    return day_first


def _ambiguous(one: datetime, other: datetime) -> TimeError:
    return TimeError(
        f"can be {one:%d %b %Y} or {other:%d %b %Y}: say the order with --dates day-first or "
        "--dates month-first (dates in the mapping's [source])"
    )


def _order_of(form: str) -> str:
    """Return the order of day and month in a format; "" if it cannot be mistaken."""
    day, month, year = form.find("%d"), form.find("%m"), re.search("%[Yy]", form)
    if form == LOCAL or min(day, month) < 0 or year is None or year.start() < min(day, month):
        return ""
    return DAY_FIRST if day < month else MONTH_FIRST


def _in_order(form: str, order: str) -> str:
    """Return a format with day and month in the order that somebody said."""
    own = _order_of(form)
    if not order or not own or own == order:
        return form
    swapped = {"%d": "%m", "%m": "%d"}
    return re.sub("%[dm]", lambda found: swapped[found[0]], form)
