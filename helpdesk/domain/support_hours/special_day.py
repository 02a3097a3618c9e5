"""A date with its own support hours."""

from dataclasses import dataclass
from datetime import date

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.support_hours.span import Span, require_apart


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """The hours of one date, which replace those of its weekday; no spans: closed.

    Its spans may overlap a span of the day before that crosses midnight, or cross midnight into the
    next day's hours; the common time is counted once.

    :raises RefusedError: if its own spans overlap.
    """

    day: date
    spans: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        try:
            require_apart(self.spans)
        except RefusedError as error:
            raise RefusedError(f"{self.day}{error}") from error
        object.__setattr__(self, "spans", tuple(sorted(self.spans)))
