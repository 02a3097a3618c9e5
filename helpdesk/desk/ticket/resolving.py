"""Finish a ticket: resolve, close, rate and reopen it."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.knowledge.answers import ArticleAnswers, answers_of
from helpdesk.desk.knowledge.articles import require_article
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import joining, reply_ways
from helpdesk.desk.unit_of_work import act_due, confidentiality, merged
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import accept, accept_required
from helpdesk.domain.ticket import Kind, LinkKind, State, Verb, ref
from helpdesk.store.ticket import relations, tickets

#: The scale of customer satisfaction (CSAT).
_LOWEST_SCORE, _HIGHEST_SCORE = 1, 5
#: The longest path of an article that can be stored, in characters.
_PATH_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve a ticket and every duplicate that follows it.

    On a ticket that nobody asked for, such as a problem without a requester, nothing is recorded as
    said: a typed text becomes a note.  Duplicates with a requester are answered nevertheless.

    :ivar text: a last public answer; blank for none.
    :ivar article: the path of the article that answered the query; see :func:`resolve_with`.
    :ivar answers: the article's answers, of which the one in the language of the ticket is sent if
        there is no text.
    """

    text: str = ""
    article: str | None = None
    answers: ArticleAnswers | None = None
    verb: ClassVar[Verb] = Verb.RESOLVE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Record the answer and resolve the ticket.

        :raises RefusedError: if the text or the path is too long.
        """
        article = self.article
        if article is not None:
            article = accept(article, "article's path", _PATH_LIMIT)
        text = accept(self.text, "reply")
        if not reply_ways.has_somebody(change) and text.strip():
            change.record(EntryType.NOTED, text)
        if self.answers is not None and not text.strip():
            text = self.answers.text_for(f"{change.ticket.subject}\n{change.ticket.body}")
        _resolve(change, text, article)


def resolve_with(desk: Desk, text: str, article: str | None, language: str = "") -> Resolve:
    """Return a ``Resolve`` with an article, whose answer is the reply if there is no text.

    :param language: the code of the answer's language; "" takes the one of each ticket's words.
    :raises NotFoundError: if there is no such article.
    :raises RefusedError: if it has no answer in that language.
    """
    if article is None:
        if language:
            raise RefusedError("--language chooses the answer of an article: add --article.")
        return Resolve(text)
    found = require_article(desk, article)
    answers = answers_of(found)
    if language:
        return Resolve(text if text.strip() else answers.in_language(language), found.path)
    return Resolve(text, found.path, answers)


def _resolve(change: TicketChange, text: str, article: str | None, leading: str = "") -> None:
    """Resolve the ticket of a change and every duplicate of it, with the same answer.

    :param leading: if the ticket is resolved as a duplicate, the reference of the ticket that it
        follows.
    """
    change.claim_if_unassigned()
    if text.strip() and reply_ways.has_somebody(change):
        by = reply_ways.spoken_way(change)
        change.record(EntryType.REPLIED, text, public=True, data={"by": by} if by else {})
    if article is not None:
        tickets.note_article(change.session, change.ticket.id, article, change.now)
    change.set_state(State.RESOLVED)
    change.ticket.resolved_at = change.now
    resolved_with = {"with": leading} if leading else {}
    change.record(EntryType.RESOLVED, data={"article": article or "", **resolved_with})
    change.session.flush()
    _tell_linked(change)
    for follower in relations.followers(change.session, change.ticket.id):
        act_due.act_until(change.session, follower, change.now)
        follower_change = change.for_other_ticket(follower)
        if not confidentiality.may_share(change.session, follower, change.ticket):
            _keep_apart(change, follower_change)
            continue
        _resolve(follower_change, text, article, change.ref)
        follower_change.finish()


def _tell_linked(change: TicketChange) -> None:
    """Tell the agents of the open tickets that wait for this problem or change."""
    ticket = change.ticket
    if ticket.kind not in (Kind.PROBLEM, Kind.CHANGE):
        return
    for linked in relations.active_linked(change.session, ticket.id, LinkKind(ticket.kind)):
        other = change.for_other_ticket(linked)
        data = {"kind": str(ticket.kind), "ticket": change.ref}
        other.record_system_entry(EntryType.CAUSE_RESOLVED, change.now, data, change.actor_id)
        other.notify()


def _keep_apart(change: TicketChange, follower: TicketChange) -> None:
    """Take a duplicate off a ticket whose answer is not for it: one of them is confidential."""
    session = change.session
    tickets.remove_link(session, follower.ticket.id, change.ticket.id, LinkKind.DUPLICATE)
    relations.remove_requesters(session, change.ticket.id, follower.ticket.id)
    follower.record(EntryType.UNLINKED, data={"kind": LinkKind.DUPLICATE, "to": change.ref})
    follower.finish()


@dataclass(frozen=True, slots=True)
class Close:
    """Close a resolved ticket: the requester is satisfied or did not object."""

    verb: ClassVar[Verb] = Verb.CLOSE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Make the ticket closed."""
        change.set_state(State.CLOSED)
        change.ticket.closed_at = change.now
        change.record(EntryType.CLOSED)


@dataclass(frozen=True, slots=True)
class Rate:
    """Record the requester's satisfaction (CSAT); a later rating replaces an earlier one.

    :ivar score: from 1 (worst) to 5 (best).
    """

    score: int
    verb: ClassVar[Verb] = Verb.RATE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Record the score.

        :raises RefusedError: if the score is not on the scale.
        """
        if not _LOWEST_SCORE <= self.score <= _HIGHEST_SCORE:
            raise RefusedError(
                f"{self.score} is not a rating: use a whole number from 1 (worst) to 5 (best)."
            )
        change.ticket.csat = self.score
        change.record(EntryType.RATED, data={"score": self.score})


@dataclass(frozen=True, slots=True)
class Reopen:
    """Reopen a resolved or closed ticket; its clocks continue with the time used before.

    A merged ticket leaves the one that goes on and takes back what it brought there.  That is no
    reopening for any figure, because it was never resolved.
    """

    reason: str
    verb: ClassVar[Verb] = Verb.REOPEN

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Make the ticket open.

        :raises RefusedError: if there is no reason.
        """
        reason = accept_required(self.reason, "reason to reopen", "--reason")
        left = merged.merged_into(change.session, change.ticket)
        change.set_state(State.OPEN)
        change.ticket.resolved_at = None
        change.ticket.closed_at = None
        if left is None:
            change.ticket.reopenings += 1
            change.record(EntryType.REOPENED, reason)
            return
        joining.part(change, left)
        change.record(EntryType.REOPENED, reason, data={"left": ref(left)})
