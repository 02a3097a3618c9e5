"""What a policy file is read against: where it lies, what day it is, where the host stands."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

#: Holidays are looked up for so many years before and after the day on which a policy is read, and
#: kept with it: a policy is to be applied again long before they run out.
_YEARS_BACK, _YEARS_AHEAD = 3, 10


@dataclass(frozen=True, slots=True)
class Surroundings:
    """:ivar folder: the policy file's folder, from which it names iCalendar files; None: it came
        from elsewhere, and can name none.
    :ivar host_zone: what ``host`` stands for where a time zone is named.
    """

    today: date
    host_zone: str = "UTC"
    folder: Path | None = None

    @property
    def years(self) -> range:
        """The years for which holidays are looked up."""
        return range(self.today.year - _YEARS_BACK, self.today.year + _YEARS_AHEAD + 1)
