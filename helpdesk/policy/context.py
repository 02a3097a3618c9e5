"""The context in which a policy file is read: its folder, today's date, the host's time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

#: Holidays are looked up for this many years before and after the current one and stored with the
#: policy.  A desk applies its policy again long before they run out.
_YEARS_BACK, _YEARS_AHEAD = 3, 10


@dataclass(frozen=True, slots=True)
class PolicyContext:
    """The context in which a policy file is read.

    :ivar today: the current date on this host.
    :ivar host_zone: the IANA time zone that ``timezone = "host"`` means.
    :ivar names_files: whether the text may name iCalendar files on this host.  Not a text from
        elsewhere: its author would learn what is in any file that the account can read.
    :ivar folder: the folder of the policy file, to which relative paths of iCalendar files refer;
        None if the text is not from a file, so that it cannot use relative paths.
    :ivar agents: the logins of the desk's agents, each with whether they are active; None if no
        desk is at hand.
    """

    today: date
    host_zone: str = "UTC"
    names_files: bool = False
    folder: Path | None = None
    agents: Mapping[str, bool] | None = None

    @property
    def years(self) -> range:
        """The years for which holidays are looked up."""
        return range(self.today.year - _YEARS_BACK, self.today.year + _YEARS_AHEAD + 1)
