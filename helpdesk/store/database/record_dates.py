"""Find audit records whose dates run backwards or lie in the future.

The program never dates a record before the previous one, see ``host_clock``, but for the record by
which an administrator confirms that the host's clock is right after it once ran ahead.  Records are
in the future for a clock that is behind them; as long as the program goes on with such a clock, up
to ``host_clock.TOLERANCE``, that is no fault.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from helpdesk.domain.audit import CLOCK_CONFIRMED
from helpdesk.domain.i18n import n_
from helpdesk.store.database.host_clock import TOLERANCE, UNNOTICED

#: How many records one note lists.
_MOST_LISTED = 10


class RecordDates:
    """The dates of the records read so far.

    :param now: the time of the host's clock.
    """

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._at: datetime | None = None
        self._backwards: list[tuple[int, datetime]] = []
        self._future: list[tuple[int, datetime]] = []
        self._ahead: list[int] = []
        self._confirmed: list[int] = []

    def add(self, row: Any) -> None:
        """Add the next record, a row of its table."""
        if row.at > self._now + TOLERANCE:
            self._future.append((row.seq, row.at))
        elif row.at > self._now + UNNOTICED:
            self._ahead.append(row.seq)
        if self._at is not None and row.at < self._at:
            if row.did == CLOCK_CONFIRMED:
                self._confirmed.append(row.seq)
                self._future.clear()
                self._ahead.clear()
            else:
                self._backwards.append((row.seq, row.at))
        self._at = row.at

    def faults(self, since: int) -> Iterator[str]:
        """Yield a sentence for each date that the program has not given.

        :param since: the number of the first record that this version has made: older ones dated
            records by the host's clock as it was.
        """
        for seq, at in self._backwards:
            if seq >= since:
                yield (
                    f"record {seq} of the audit trail is dated before record {seq - 1} "
                    f"({_utc(at)})."
                )
        future = [(seq, at) for seq, at in self._future if seq >= since]
        for seq, at in future[:_MOST_LISTED]:
            yield (
                f"record {seq} of the audit trail is dated in the future ({_utc(at)}): the "
                "clock of the host was or is wrong, or the record was forged."
            )
        if len(future) > _MOST_LISTED:
            more = len(future) - _MOST_LISTED
            yield n_(
                "{n:,} more record is dated in the future.",
                "{n:,} more records are dated in the future.",
                more,
            ).format(n=more)

    def notes(self, since: int) -> Iterator[str]:
        """Yield a sentence about the dates that the host's clock explains."""
        older = [seq for seq, _ in (*self._backwards, *self._future) if seq < since]
        if older:
            yield (
                f"the dates of the records {_listed(sorted(set(older)))} run backwards or lie in "
                "the future; records from before the baseline follow the host's clock as it was."
            )
        if self._ahead:
            yield (
                f"the host's clock ({_utc(self._now)}) is a little behind the dates of the records "
                f"{_listed(self._ahead)}: 'helpdesk doctor' says what to do."
            )
        if self._confirmed:
            yield (
                "dates run backwards where an administrator has confirmed that the host's clock is "
                f"right: at the records {_listed(self._confirmed)}."
            )


def _listed(numbers: Iterable[int]) -> str:
    words = [str(number) for number in numbers]
    more = len(words) - _MOST_LISTED
    return ", ".join(words[:_MOST_LISTED]) + (f" and {more:,} more" if more > 0 else "")


def _utc(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S} UTC"
