"""Suggest articles and past tickets that may answer a query, with notes on their use."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from helpdesk.desk import article_renames as renames
from helpdesk.desk.search.alike import alike
from helpdesk.desk.search.article_usage import article_signals
from helpdesk.desk.search.unfit import unfit_for
from helpdesk.desk.search.views import SearchMode, Suggestion, Suggestions
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.redact import redact_persons
from helpdesk.domain.roles import Right
from helpdesk.domain.span import SpanUnit, span_text
from helpdesk.domain.ticket import Kind, State, parse_ref, ref
from helpdesk.knowledge.statuses import UNPUBLISHED
from helpdesk.search.hits import SearchHit, fold
from helpdesk.search.options import SearchOptions, SearchResult
from helpdesk.search.scoring import is_worth_showing
from helpdesk.store.database import visibility
from helpdesk.store.search.documents import DUPLICATE
from helpdesk.store.ticket import queues, relations, tickets

SCOPES = ("kb", "tickets", "all")
#: How many times as many hits are searched for each time that too many of them are hidden.
_MORE = 4
_MONTH = timedelta(days=30)
_AGO_UNITS = {" d": SpanUnit.DAY, " h": SpanUnit.HOUR, " min": SpanUnit.MINUTE}
_USUAL = SearchMode()
#: How many characters of a ticket's details are used to search.
_BODY_CHARACTERS = 500


def ticket_text(subject: str, body: str) -> str:
    """Return the query with which to search for answers to a ticket; the same on every screen.

    Mail addresses and telephone numbers in the details are left out.
    """
    return f"{subject}\n{redact_persons(body[:_BODY_CHARACTERS])}".strip()


def suggest(
    desk: Desk,
    text: str,
    scope: str = "all",
    limit: int = 10,
    typing: bool = True,
    service: str = "",
    mode: SearchMode = _USUAL,
) -> Suggestions:
    """Return the articles and past tickets that match the text, best first.

    :param scope: one of ``SCOPES``.
    :param typing: whether the text is still being typed, so that its last word may be incomplete.
    :param service: the name of the ticket's service, whose articles rank higher; "" for none.
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
    )
    options = SearchOptions(
        include_drafts=mode.drafts and desk.may(Right.SEE_DRAFTS),
        signals=article_signals(desk),
        unfit=unfit_for(desk, text),
        as_typed=mode.as_typed,
        ignored=frozenset(filter(None, (mode.ignored,))),
        folded=not _may_miss_tickets(desk),
    )
    answer = _visible(desk, find, options, limit)
    shown = tuple(hit for hit in answer.hits if is_worth_showing(hit.score))
    leads = _leads(desk, [hit.id for hit in shown if hit.status == DUPLICATE])
    chosen = _once_for_each_lead([hit.id for hit in shown], leads)
    shown = tuple(hit for hit in shown if hit.id in chosen)
    notes = _notes(desk, shown) | {
        one: _("goes on in {other}").format(other=other) for one, other in leads.items()
    }
    doubtful = options.unfit | _rated_low(desk, shown)
    return Suggestions(
        hits=tuple(
            Suggestion(
                kind=hit.kind,
                id=hit.id,
                title=hit.title,
                score=hit.score,
                repeat=hit.repeat and hit.status not in UNPUBLISHED and hit.id not in doubtful,
                why=hit.why,
                snippet=hit.snippet,
                note=notes.get(hit.id, ""),
                active=hit.is_active,
                unfit=hit.id in options.unfit,
                leads_to=leads.get(hit.id, ""),
            )
            for hit in shown
        ),
        corrected=answer.corrected,
        ms=answer.ms,
        text=text,
        as_typed=mode.as_typed,
        shortage=desk.library.shortage,
    )


def _leads(desk: Desk, refs: list[str]) -> dict[str, str]:
    """Return the tickets in which those of these tickets go on that are duplicates."""
    if not refs:
        return {}
    with desk.database.read() as session:
        found = relations.leading_of_each(session, [parse_ref(ref) for ref in refs])
    return {ref(number): ref(other) for number, other in found.items()}


def _once_for_each_lead(ids: list[str], leads: Mapping[str, str]) -> set[str]:
    """Return the ids without duplicates of tickets that are found, or to which another leads."""
    chosen = {one for one in ids if one not in leads}
    seen = set(chosen)
    for one in ids:
        if one in leads and leads[one] not in seen:
            seen.add(leads[one])
            chosen.add(one)
    return chosen


def run_batch(desk: Desk, lines: Iterable[str], scope: str, limit: int) -> Iterator[dict[str, Any]]:
    """Yield a result for each JSON line ``{"q": …}``; see ``helpdesk.search.batch``."""
    desk.require(Right.READ)
    asked = limit * _MORE**2 if _may_miss_tickets(desk) else limit
    options = SearchOptions(signals=article_signals(desk), folded=asked == limit)
    for answer in desk.library.batch(lines, scope=scope, limit=asked, options=options):
        refs = [hit["id"] for hit in answer["hits"] if hit["kind"] == "ticket"]
        hidden = _hidden(desk, refs)
        seen = [hit["id"] for hit in answer["hits"] if hit["id"] not in hidden]
        chosen = _once_for_each_lead(seen, _leads(desk, [one for one in seen if one in refs]))
        answer["hits"] = [hit for hit in answer["hits"] if hit["id"] in chosen][:limit]
        yield answer


def _visible(
    desk: Desk, find: Callable[..., SearchResult], options: SearchOptions, limit: int
) -> SearchResult:
    """Return the best hits that the agent may see, because the index holds all tickets.

    Hidden hits do not take the place of others or change their scores, and a word of a hidden
    ticket is not offered as the right spelling: nothing tells that the ticket exists.

    :param find: searches with ``options`` for a number of hits, which is passed as ``limit``.
    """
    if options.folded:  # no customer is hidden from the agent
        found: SearchResult = find(limit=limit, options=options)
        return replace(found, hits=_visible_hits(desk, found))
    for asked in (limit * _MORE, limit * _MORE**2, limit * _MORE**4):
        found = find(limit=asked, options=options)
        hidden = _hidden(desk, [hit.id for hit in found.hits if hit.kind == "ticket"])
        if hidden:
            options = replace(options, ignored=options.ignored | hidden)
            found = find(limit=asked, options=options)
        hits = tuple(fold(_visible_hits(desk, found)))
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


def _rated_low(desk: Desk, hits: tuple[SearchHit, ...]) -> set[str]:
    """Return the ids of tickets whose answer was rated low: it is not offered again."""
    numbers = [parse_ref(hit.id) for hit in hits if hit.repeat and hit.kind == "ticket"]
    if not numbers:
        return set()
    with desk.database.read() as session:
        return {ref(number) for number in tickets.rated_low(session, numbers)}


def _notes(desk: Desk, hits: tuple[SearchHit, ...]) -> dict[str, str]:
    """Return a note for each hit by its id: how often an article helped, how a ticket ended."""
    now = desk.now()
    numbers = [parse_ref(hit.id) for hit in hits if hit.kind == "ticket"]
    with desk.database.read() as session:
        some = len(numbers) < len(hits)
        since = now - _MONTH
        uses = tickets.article_uses(session, since, as_evidence=True) if some else {}
        uses = renames.joined(uses, renames.known_renames(session)) if uses else {}
        rows = {row.id: row for row in queues.rows_by_id(session, numbers)} if numbers else {}
    notes = {}
    with desk.library.index.read() as reader:
        others = alike(reader, hits, partial(_hidden, desk))
    for hit in hits:
        if hit.id in others:
            found = others[hit.id]
            days = max(0, now.toordinal() - found.day)
            when = _("today") if not days else _("{days} d ago").format(days=days)
            notes[hit.id] = _("{count} like it, last {when}").format(count=found.count, when=when)
        elif hit.kind == "article":
            count = uses.get(hit.id, 0)
            notes[hit.id] = f"solved {count} this month" if count else ""
            if hit.status in UNPUBLISHED:
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
