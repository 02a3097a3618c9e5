"""Finish a ticket: resolve, close, rate and reopen it."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.knowledge.answers import ArticleAnswers, answers_of
from helpdesk.desk.knowledge.articles import require_article
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import reply_ways
from helpdesk.desk.unit_of_work import act_due
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import accept, accept_required
from helpdesk.domain.ticket import State, Verb
from helpdesk.store.ticket import relations, tickets

#: The scale of customer satisfaction (CSAT).
_LOWEST_SCORE, _HIGHEST_SCORE = 1, 5
#: The longest path of an article that can be stored, in characters.
_PATH_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve a ticket and every duplicate that follows it.

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
        text = self.text
        if self.answers is not None and not text.strip():
            text = self.answers.text_for(f"{change.ticket.subject}\n{change.ticket.body}")
        _resolve(change, accept(text, "reply"), article)


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
    if text.strip():
        by = reply_ways.spoken_way(change)
        change.record(EntryType.REPLIED, text, public=True, data={"by": by} if by else {})
    if article is not None:
        tickets.note_article(change.session, change.ticket.id, article, change.now)
    change.set_state(State.RESOLVED)
    change.ticket.resolved_at = change.now
    resolved_with = {"with": leading} if leading else {}
    change.record(EntryType.RESOLVED, data={"article": article or "", **resolved_with})
    change.session.flush()
    for follower in relations.followers(change.session, change.ticket.id):
        act_due.act_until(change.session, follower, change.now)
        follower_change = change.for_other_ticket(follower)
        _resolve(follower_change, text, article, change.ref)
        follower_change.finish()


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
    """Reopen a resolved or closed ticket; its clocks continue with the time used before."""

    reason: str
    verb: ClassVar[Verb] = Verb.REOPEN

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Make the ticket open.

        :raises RefusedError: if there is no reason.
        """
        reason = accept_required(self.reason, "reason to reopen", "--reason")
        change.set_state(State.OPEN)
        change.ticket.resolved_at = None
        change.ticket.closed_at = None
        change.ticket.reopenings += 1
        change.record(EntryType.REOPENED, reason)
