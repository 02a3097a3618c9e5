"""The support hours of a regular week."""

import re
from dataclasses import dataclass
from itertools import groupby, pairwise

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.span import Span, require_apart
from helpdesk.domain.support_hours.wall_time import DAY_MINUTES, WallTime

#: The names of the weekdays in files and on screens, in the order of ``date.weekday()``.
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

WEEK_MINUTES = 7 * DAY_MINUTES

_GROUP = re.compile(r"([a-z]{3})(?:-([a-z]{3}))? +(\S.*)")


@dataclass(frozen=True, slots=True)
class WeekHours:
    """The spans of each weekday, Monday first; a day without spans is closed.

    :raises RefusedError: if there are not seven days, or if two spans overlap, on one day or where
        one crosses midnight into the next day (also from Sunday into Monday).
    """

    days: tuple[tuple[Span, ...], ...] = ((),) * 7

    def __post_init__(self) -> None:
        if len(self.days) != len(WEEKDAYS):
            raise RefusedError(f"a week has {len(WEEKDAYS)} days, not {len(self.days)}.")
        for name, spans in zip(WEEKDAYS, self.days, strict=True):
            try:
                require_apart(spans)
            except RefusedError as error:
                raise RefusedError(f"{name}{error}") from error
        self._require_nights_apart()
        object.__setattr__(self, "days", tuple(tuple(sorted(spans)) for spans in self.days))

    def _require_nights_apart(self) -> None:
        for (before, yesterday), (name, today) in pairwise(
            [*zip(WEEKDAYS, self.days, strict=True), (WEEKDAYS[0], self.days[0])]
        ):
            runs_until = max((span.end_minutes for span in yesterday), default=0) - DAY_MINUTES
            for index, span in enumerate(today):
                if span.begins.minutes < runs_until:
                    raise RefusedError(
                        f"{name}[{index}]: {span} overlaps {max(yesterday)} of {before}, "
                        "which runs over midnight: join them or part them."
                    )

    @classmethod
    def round_the_clock(cls) -> "WeekHours":
        """Return a week that is open 24/7."""
        return cls(((Span(WallTime(0), WallTime(DAY_MINUTES)),),) * 7)

    @classmethod
    def parse(cls, text: str) -> "WeekHours":
        """Parse ``24/7``, ``closed`` or ``mon-fri 09:00-12:00, 13:00-17:00; sat 10:00-14:00``.

        :raises RefusedError: naming the part that cannot be parsed.
        """
        text = text.strip().lower()
        if text == "24/7":
            return cls.round_the_clock()
        days: list[tuple[Span, ...]] = [()] * 7
        for group in text.split(";") if text != "closed" else ():
            numbers, spans = _parse_group(group.strip())
            for number in numbers:
                if days[number]:
                    raise RefusedError(
                        f"{WEEKDAYS[number]} is named twice in {text!r:.80}: "
                        "put its hours side by side, separated by a comma."
                    )
                days[number] = spans
        return cls(tuple(days))

    @property
    def minutes(self) -> int:
        """The open minutes of a week in which the clocks do not change."""
        return sum(span.minutes for spans in self.days for span in spans)

    @property
    def is_closed(self) -> bool:
        """Whether the week has no hours at all."""
        return not any(self.days)

    @property
    def is_round_the_clock(self) -> bool:
        """Whether the week has no gap, even if its days have several spans."""
        return self.minutes == WEEK_MINUTES

    def __str__(self) -> str:
        """Return the text that :meth:`parse` accepts."""
        if self.is_closed:
            return "closed"
        if self == self.round_the_clock():
            return "24/7"
        return "; ".join(
            _group_text([name for name, _ in run], spans)
            for spans, run in (
                (spans, list(run))
                for spans, run in groupby(
                    zip(WEEKDAYS, self.days, strict=True), key=lambda day: day[1]
                )
            )
            if spans
        )


def _group_text(names: list[str], spans: tuple[Span, ...]) -> str:
    days = names[0] if len(names) == 1 else f"{names[0]}-{names[-1]}"
    return f"{days} {', '.join(map(str, spans))}"


def _parse_group(group: str) -> tuple[range, tuple[Span, ...]]:
    found = _GROUP.fullmatch(group)
    if found is None:
        raise RefusedError(
            f"{group!r:.80} are no support hours: write them like 'mon-fri 09:00-17:00'."
        )
    first = weekday_number(found[1])
    last = weekday_number(found[2]) if found[2] else first
    if last < first:
        raise RefusedError(f"{found[1]}-{found[2]} runs over the week's end: write two groups.")
    return range(first, last + 1), tuple(_parse_span(part) for part in found[3].split(","))


def _parse_span(text: str) -> Span:
    begins, dash, ends = text.strip().partition("-")
    if not dash:
        raise RefusedError(f"{text.strip()!r:.40} is no span: write it like 09:00-17:00.")
    return Span(WallTime.parse(begins.strip()), WallTime.parse_end(ends.strip()))


def weekday_number(name: str) -> int:
    """Return 0 for ``mon`` to 6 for ``sun``.

    :raises RefusedError: if there is no such weekday.
    """
    if name not in WEEKDAYS:
        raise RefusedError(f"{name!r:.40} is no weekday: use one of {', '.join(WEEKDAYS)}.")
    return WEEKDAYS.index(name)
