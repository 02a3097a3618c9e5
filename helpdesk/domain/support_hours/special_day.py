"""A date with hours of its own."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.span import Span, require_apart


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """The hours of one date, in place of its weekday's; no spans: closed.

    A special day may overlap a span that runs in from the day before, or run out over midnight
    into the next day's hours: the time is counted once.
    """

    day: date
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        try:
            require_apart(self.spans)
        except RefusedError as error:
            raise RefusedError(f"{self.day}{error}") from error
        object.__setattr__(self, "spans", tuple(sorted(self.spans)))
