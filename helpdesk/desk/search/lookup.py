"""Look up what an agent types into the search box: a ticket's number, or words."""

from dataclasses import replace

from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.store.ticket import queues


def look_up(desk: Desk, text: str, limit: int) -> Suggestions:
    """Return what is found for a text; if it is the number of a ticket, that ticket is first.

    A number may be a word of a text as well ("404"), so that the other hits follow.
    """
    found = suggest(desk, text, "all", limit, drafts=True)
    try:
        named = _ticket(desk, parse_ref(text))
    except RefusedError:
        return found
    if named is None:
        return found
    others = tuple(hit for hit in found.hits if hit.id != named.id)
    return replace(found, hits=(named, *others)[:limit])


def _ticket(desk: Desk, number: int) -> Suggestion | None:
    """Return the ticket of a number as a hit; None if the agent sees no such ticket."""
    with desk.database.read() as session:
        rows = queues.rows_by_id(session, [number])
    if not rows:
        return None
    row = rows[0]
    return Suggestion(
        kind="ticket",
        id=ref(number),
        title=row.subject,
        score=1.0,
        repeat=False,
        why=(_("the number of the ticket"),),
        snippet="",
        note=", ".join(filter(None, (str(row.state), row.assignee))),
        active=row.state.is_active,
    )
