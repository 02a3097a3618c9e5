"""A period of absolute time."""

from dataclasses import dataclass
from datetime import datetime

from helpdesk.domain.errors import RefusedError


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A period that includes ``start`` and excludes ``end``: aware UTC, whole seconds.

    :raises RefusedError: if the end is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise RefusedError(
                f"{self.start.isoformat()} to {self.end.isoformat()} is no period: "
                "the end must come after the start."
            )
