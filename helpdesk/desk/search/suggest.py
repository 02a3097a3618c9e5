"""Suggest articles and past tickets that may answer a query, with notes on their use."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from helpdesk.desk.search.article_usage import article_signals
from helpdesk.desk.search.views import Suggestion, Suggestions
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.span import SpanUnit, span_text
from helpdesk.domain.ticket import ACTIVE_STATES, Kind, State, parse_ref
from helpdesk.search.searcher import SearchHit, SearchResult
from helpdesk.store.database import visibility
from helpdesk.store.ticket import queues, tickets

DRAFT = "draft"
SCOPES = ("kb", "tickets", "all")
#: How many times as many hits are searched for each time that too many of them are hidden.
_MORE = 4
_MONTH = timedelta(days=30)
_AGO_UNITS = {" d": SpanUnit.DAY, " h": SpanUnit.HOUR, " min": SpanUnit.MINUTE}
#: How many characters of a ticket's details are used to search. While the ticket is being typed
#: they are fewer, because every key starts a search.
_BODY_CHARACTERS, _BODY_CHARACTERS_TYPING = 500, 200


def ticket_text(subject: str, body: str, *, typing: bool = False) -> str:
    """Return the query with which to search for answers to a ticket.

    :param typing: whether the ticket is still being typed.
    """
    return f"{subject}\n{body[: _BODY_CHARACTERS_TYPING if typing else _BODY_CHARACTERS]}".strip()


def suggest(
    desk: Desk,
    text: str,
    scope: str = "all",
    limit: int = 10,
    typing: bool = True,
    service: str = "",
    *,
    drafts: bool = False,
) -> Suggestions:
    """Return the articles and past tickets that match the text, best first.

    :param scope: one of ``SCOPES``.
    :param typing: whether the text is still being typed, so that its last word may be incomplete.
    :param service: the name of the ticket's service, whose articles rank higher; "" for none.
    :param drafts: whether to include unpublished articles that the acting agent may see.
    :raises RefusedError: if there is no such scope.
    """
    desk.require(Right.READ)
    if scope not in SCOPES:
        raise RefusedError(f"{scope!r} is no place to search: use one of {', '.join(SCOPES)}.")
    find = partial(
        desk.library.search,
        text,
        scope=scope,
        typing=typing,
        service=service,
        signals=article_signals(desk),
        drafts=drafts and desk.may(Right.SEE_DRAFTS),
    )
    answer = _visible(desk, find, limit)
    notes = _notes(desk, answer.hits)
    return Suggestions(
        hits=tuple(
            Suggestion(
                kind=hit.kind,
                id=hit.id,
                title=hit.title,
                score=hit.score,
                repeat=hit.repeat and hit.status != DRAFT,
                why=hit.why,
                snippet=hit.snippet,
                note=notes.get(hit.id, ""),
                active=hit.kind == "ticket" and hit.status in ACTIVE_STATES,
            )
            for hit in answer.hits
        ),
        corrected=answer.corrected,
        ms=answer.ms,
        shortage=desk.library.shortage,
    )


def run_batch(desk: Desk, lines: Iterable[str], scope: str, limit: int) -> Iterator[dict[str, Any]]:
    """Yield a result for each JSON line ``{"q": …}``; see ``helpdesk.search.batch``."""
    desk.require(Right.READ)
    asked = limit * _MORE**2 if _may_miss_tickets(desk) else limit
    for answer in desk.library.batch(
        lines, scope=scope, limit=asked, signals=article_signals(desk)
    ):
        refs = [hit["id"] for hit in answer["hits"] if hit["kind"] == "ticket"]
        hidden = _hidden(desk, refs)
        answer["hits"] = [hit for hit in answer["hits"] if hit["id"] not in hidden][:limit]
        yield answer


def _visible(desk: Desk, find: Callable[..., SearchResult], limit: int) -> SearchResult:
    """Return the best hits that the agent may see, because the index holds all tickets.

    Hidden hits do not take the place of others, and a word of a hidden ticket is not offered as
    the right spelling: neither tells that the ticket exists.

    :param find: searches for a number of hits, which is passed as ``limit``.
    """
    if not _may_miss_tickets(desk):
        found: SearchResult = find(limit=limit)
        return replace(found, hits=_visible_hits(desk, found))
    for asked in (limit * _MORE, limit * _MORE**2, limit * _MORE**4):
        found = find(limit=asked)
        hits = _visible_hits(desk, found)
        if len(hits) >= limit or len(found.hits) < asked:
            break
    said = " ".join(word for hit in hits for word in (*hit.why, hit.title, hit.snippet)).casefold()
    corrected = tuple(word for word in found.corrected if word.casefold() in said)
    return replace(found, hits=hits[:limit], corrected=corrected)


def _visible_hits(desk: Desk, found: SearchResult) -> tuple[SearchHit, ...]:
    hidden = _hidden(desk, [hit.id for hit in found.hits if hit.kind == "ticket"])
    return tuple(hit for hit in found.hits if hit.id not in hidden)


def _may_miss_tickets(desk: Desk) -> bool:
    """Whether there are customers whose tickets are hidden from the acting agent."""
    with desk.database.read() as session:
        return bool(visibility.hidden_customers(session))


def _hidden(desk: Desk, refs: list[str]) -> set[str]:
    if not refs:
        return set()
    with desk.database.read() as session:
        visible = tickets.visible_numbers(session, [parse_ref(ref) for ref in refs])
    return {ref for ref in refs if parse_ref(ref) not in visible}


def _notes(desk: Desk, hits: tuple[SearchHit, ...]) -> dict[str, str]:
    """Return a note for each hit by its id: how often an article helped, how a ticket ended."""
    now = desk.now()
    numbers = [parse_ref(hit.id) for hit in hits if hit.kind == "ticket"]
    with desk.database.read() as session:
        uses = tickets.article_uses(session, since=now - _MONTH) if len(numbers) < len(hits) else {}
        rows = {row.id: row for row in queues.rows_by_id(session, numbers)} if numbers else {}
    notes = {}
    for hit in hits:
        if hit.kind == "article":
            count = uses.get(hit.id, 0)
            notes[hit.id] = f"solved {count} this month" if count else ""
            if hit.status == DRAFT:
                notes[hit.id] = "a draft, not published yet"
        elif row := rows.get(parse_ref(hit.id)):
            # Problems and changes are named, because they help in another way than incidents.
            kind = f"{row.kind}, " if row.kind in (Kind.PROBLEM, Kind.CHANGE) else ""
            notes[hit.id] = kind + _ending(row.state, row.assignee or "", row.updated_at, now)
    return notes


def _ending(state: State, assignee: str, at: datetime, now: datetime) -> str:
    if state.is_active:
        return f"{state}{f', {assignee}' if assignee else ''}"
    by = f" by {assignee}" if assignee else ""
    ago = span_text(max(0, int((now - at).total_seconds())), _AGO_UNITS, parts=1)
    return f"resolved {ago} ago{by}"
