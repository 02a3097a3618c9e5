"""Look up what an agent types into the search box: a ticket's number, or words."""

from dataclasses import replace
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.desk.search.suggest import suggest
from helpdesk.desk.search.views import SearchMode, Suggestion, Suggestions
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.store.exchange import origins
from helpdesk.store.ticket import queues, tickets


def look_up(desk: Desk, text: str, limit: int, as_typed: bool = False) -> Suggestions:
    """Return what is found for a text; the tickets whose number it is come first.

    A number may be a word of a text as well ("404"), so that the other hits follow.

    :param as_typed: whether to search unknown words as they stand, without corrections.
    """
    found = suggest(desk, text, "all", limit, mode=SearchMode(drafts=True, as_typed=as_typed))
    return with_numbers(desk, text, limit, found)


def with_numbers(
    desk: Desk, text: str, limit: int, found: Suggestions, scope: str = "all"
) -> Suggestions:
    """Put the tickets whose number the text is before the other hits.

    :param scope: ``all``, ``tickets`` or ``kb``.
    """
    desk.require(Right.READ)
    if scope == "kb":
        return found
    with desk.database.read() as session:
        rows = queues.rows_by_id(session, _numbers(session, text))
        named = [_hit(row) for row in sorted(rows, key=lambda row: row.id)]
    if not named:
        return found
    known = {hit.id for hit in named}
    others = [hit for hit in found.hits if hit.id not in known]
    return replace(found, hits=(*named, *others)[:limit])


def find_ticket(desk: Desk, text: str) -> int:
    """Return the number of the ticket that a text names.

    That is its number, with or without the prefix, or the one that it had in the program from which
    it was imported.

    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if the text is no number, or names several imported tickets.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        rows = queues.rows_by_id(session, _numbers(session, text))
        named: list[int] = sorted(row.id for row in rows)
        if not named:
            tickets.load(session, parse_ref(text))
    if len(named) > 1:
        names = ", ".join(map(ref, named))
        raise RefusedError(
            _("{text} is the number of several tickets: name one of {names}.").format(
                text=one_line(text)[:60], names=names
            )
        )
    return named[0]


def _numbers(session: Session, text: str) -> list[int]:
    """Return the number that a text means; if there is no such ticket, those of imported ones."""
    try:
        number = parse_ref(text)
    except RefusedError:
        number = 0
    if number and queues.rows_by_id(session, [number]):
        return [number]
    word = text.strip()
    # A number of another program is one word with a digit.
    is_number = word == "".join(word.split()) and any(map(str.isdigit, word))
    return origins.tickets_of(session, word) if is_number else []


def _hit(row: Row[*tuple[Any, ...]]) -> Suggestion:
    return Suggestion(
        kind="ticket",
        id=ref(row.id),
        title=row.subject,
        score=1.0,
        repeat=False,
        why=(_("the number of the ticket"),),
        snippet="",
        note=", ".join(filter(None, (str(row.state), row.assignee))),
        active=row.state.is_active,
    )
