"""Put the rows of a file together that belong to one ticket."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice

from helpdesk.exchange.rows import SourceRow

#: The maximum number of rows of a ticket, where each row is a state that it had.
MAX_STATES = 10_000


@dataclass(frozen=True, slots=True)
class RowGroup:
    """The rows of one ticket.

    :ivar source_id: the id of the ticket in the other program; "" if it cannot be read.
    """

    source_id: str
    rows: tuple[SourceRow, ...]

    @property
    def line(self) -> int:
        """The line of the file on which it begins, from 1."""
        return self.rows[0].line

    @property
    def trouble(self) -> str:
        """Why it cannot be used, or ""."""
        if len(self.rows) > MAX_STATES:
            return f"it has more than {MAX_STATES:,} rows"
        broken = next((row for row in self.rows if row.trouble), None)
        if broken is None:
            return ""
        at = "" if broken.line == self.line else f" (line {broken.line})"
        return f"{broken.trouble}{at}"


def group_rows(
    rows: Iterable[SourceRow], id_of: Callable[[SourceRow], str], *, by_states: bool
) -> Iterator[RowGroup]:
    """Yield the rows of each ticket.

    :param by_states: whether the rows that follow each other with one id are states of one ticket;
        else each row is a ticket.
    """
    if not by_states:
        for row in rows:
            yield RowGroup(id_of(row), (row,))
        return
    # A row without an id stands alone.
    for key, group in groupby(rows, lambda row: id_of(row) or f"line {row.line}"):
        states = tuple(islice(group, MAX_STATES + 1))
        known = id_of(states[0])
        yield RowGroup(key if known else "", states)
