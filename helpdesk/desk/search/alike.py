"""How many tickets a hit stands for: those of the same subject become one line."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from helpdesk.domain.ticket import ACTIVE_STATES
from helpdesk.search.hits import SearchHit
from helpdesk.store.search.reader import IndexReader


@dataclass(frozen=True, slots=True)
class Alike:
    """The other tickets of a hit's subject.

    :ivar count: how many there are.
    :ivar day: the day of the newest change of one of them or of the hit, as ``date.toordinal``
        counts days.
    """

    count: int
    day: int


def alike(
    reader: IndexReader, hits: Iterable[SearchHit], hidden: Callable[[list[str]], set[str]]
) -> dict[str, Alike]:
    """Return, by the id of each ticket, the others of its subject that the agent may see.

    :param hidden: returns which of these references are hidden from the agent.
    """
    rows_by_hit = {
        hit.id: reader.refs_of_issue(hit.issue, ACTIVE_STATES, hit.is_active)
        for hit in hits
        if hit.issue
    }
    unseen = hidden([ref for rows in rows_by_hit.values() for ref, _ in rows])
    found = {}
    for hit_id, rows in rows_by_hit.items():
        days = [day for ref, day in rows if ref not in unseen]
        if len(days) > 1:
            found[hit_id] = Alike(len(days) - 1, max(days))
    return found
