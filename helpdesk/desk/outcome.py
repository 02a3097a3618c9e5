"""How a ticket ends, how content the requester is, and how it comes back."""

from helpdesk.desk import keeping
from helpdesk.desk.articles import require_article
from helpdesk.desk.change import changing
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.tickets import show
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import accept, accept_required
from helpdesk.domain.ticket import State, Verb
from helpdesk.store import relations, tickets


def resolve(
    desk: Desk,
    number: int,
    text: str = "",
    article: str | None = None,
    version: int | None = None,
) -> TicketView:
    """Resolve a ticket, with the text as the last public answer.

    :param article: the article that answered it; without a text its Answer section is the reply.
    :raises NotFoundError: if there is no such article.
    """
    text = accept(text, "reply")
    if article is not None:
        found = require_article(desk, article)
        text = text if text.strip() else found.answer
    with changing(desk, number, Verb.RESOLVE, version) as change:
        mark_resolved(change, text, article)
    return show(desk, number)


def mark_resolved(change: Change, text: str, article: str | None, leading: str = "") -> None:
    """Answer and resolve within a change that is under way, and with it every duplicate.

    :param leading: the ticket together with which this one is resolved, as its duplicate.
    """
    change.take_if_nobody_has_it()
    if text.strip():
        change.record("replied", text, public=True)
    if article is not None:
        tickets.note_article(change.session, change.ticket.id, article, change.now)
    change.become(State.RESOLVED)
    change.ticket.resolved_at = change.now
    together = {"with": leading} if leading else {}
    change.record("resolved", data={"article": article or "", **together})
    change.session.flush()
    for follower in relations.followers(change.session, change.ticket.id):
        keeping.act_until(change.session, follower, change.now)
        beside = change.beside(follower)
        mark_resolved(beside, text, article, change.ref)
        beside.finish()


def close(desk: Desk, number: int, version: int | None = None) -> TicketView:
    """Close a resolved ticket: the requester is content, or did not object."""
    with changing(desk, number, Verb.CLOSE, version) as change:
        close_within(change)
    return show(desk, number)


def close_within(change: Change) -> None:
    """Close within a change that is under way."""
    change.become(State.CLOSED)
    change.ticket.closed_at = change.now
    change.record("closed")


#: The scale of customer satisfaction (CSAT).
_LEAST, _MOST = 1, 5


def rate(desk: Desk, number: int, score: int, version: int | None = None) -> TicketView:
    """Record how content the requester is with a resolved ticket; a later rating replaces it.

    :param score: 1 (not at all) to 5.
    """
    with changing(desk, number, Verb.RATE, version) as change:
        rate_within(change, score)
    return show(desk, number)


def rate_within(change: Change, score: int) -> None:
    """Rate within a change that is under way."""
    if not _LEAST <= score <= _MOST:
        raise RefusedError(f"{score} is no rating: use a whole number from 1 (worst) to 5 (best).")
    change.ticket.csat = score
    change.record("rated", data={"score": score})


def reopen(desk: Desk, number: int, reason: str, version: int | None = None) -> TicketView:
    """Take a resolved or closed ticket up again; its clocks go on with the time used before."""
    reason = accept_required(reason, "reason to reopen")
    with changing(desk, number, Verb.REOPEN, version) as change:
        reopen_within(change, reason)
    return show(desk, number)


def reopen_within(change: Change, reason: str) -> None:
    """Reopen within a change that is under way."""
    change.become(State.OPEN)
    change.ticket.resolved_at = None
    change.ticket.closed_at = None
    change.ticket.reopenings += 1
    change.record("reopened", accept_required(reason, "reason to reopen"))
