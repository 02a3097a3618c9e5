"""Rank articles higher that answered tickets recently, whatever the query."""

import math
from collections.abc import Mapping
from datetime import timedelta

from helpdesk.desk import article_renames as renames
from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.store.ticket import tickets

#: Tickets answered within this time count: such an article is more likely to answer the next one.
_RECENT = timedelta(days=90)
#: The evidence (log odds) of each doubling of the number of tickets that an article answered, and
#: its maximum, which is small enough that a better match of the words outweighs it.
_DOUBLING, _MOST = 0.15, 0.9


def article_signals(desk: Desk) -> Mapping[str, float]:
    """Return the evidence for each article from its use, as log odds by path; it is cached."""
    desk.require(Right.READ)
    found: Mapping[str, float] = desk.library.remembered("uses", lambda: _uses(desk))
    return found


def _uses(desk: Desk) -> Mapping[str, float]:
    with desk.database.read() as session:
        uses = tickets.article_uses(session, since=desk.now() - _RECENT, as_evidence=True)
        uses = renames.joined(uses, renames.known_renames(session))
    return {path: min(_MOST, _DOUBLING * math.log2(1 + count)) for path, count in uses.items()}
