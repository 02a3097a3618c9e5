"""What the desk's own experience says of an article, whatever is asked."""

import math
from collections.abc import Mapping
from datetime import timedelta

from helpdesk.desk.session import Desk
from helpdesk.domain.roles import Right
from helpdesk.store.ticket import tickets

#: An article that answered tickets of late is likelier to answer the next one.
_LATELY = timedelta(days=90)
#: The evidence (log odds) of each doubling of the tickets that it answered, and the most of it:
#: less than what a better fit of the words makes up for.
_DOUBLING, _MOST = 0.15, 0.9


def article_signals(desk: Desk) -> Mapping[str, float]:
    """Return what speaks for each article by its path, as log odds."""
    desk.require(Right.READ)
    return desk.library.remembered(lambda: _uses(desk))


def _uses(desk: Desk) -> Mapping[str, float]:
    with desk.database.read() as session:
        uses = tickets.article_uses(session, since=desk.now() - _LATELY)
    return {path: min(_MOST, _DOUBLING * math.log2(1 + count)) for path, count in uses.items()}
