"""How a ticket ends, how content the requester is, and how it comes back."""

from dataclasses import dataclass, replace
from typing import ClassVar

from helpdesk.desk.knowledge.articles import require_article
from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work import act_due
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import accept, accept_required
from helpdesk.domain.ticket import State, Verb
from helpdesk.store.ticket import relations, tickets

#: The scale of customer satisfaction (CSAT).
_LEAST, _MOST = 1, 5
#: Longer paths of articles are not stored.
_PATH_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Resolve:
    """Resolve a ticket, and with it every duplicate that follows it.

    :ivar text: the last public answer; blank for none.
    :ivar article: the path of the article that answered it; see :func:`resolve_with`.
    """

    text: str = ""
    article: str | None = None
    verb: ClassVar[Verb] = Verb.RESOLVE

    def apply(self, desk: Desk, change: Change) -> None:
        """Answer and resolve."""
        article = self.article
        if article is not None:
            article = accept(article, "article's path", _PATH_LIMIT)
        _resolve(change, accept(self.text, "reply"), article)


def resolve_with(desk: Desk, text: str, article: str | None) -> Resolve:
    """Return a resolving with an article, whose Answer section is the reply if there is no text.

    :raises NotFoundError: if there is no such article.
    """
    action = Resolve(text, article)
    if article is None:
        return action
    found = require_article(desk, article)
    return action if text.strip() else replace(action, text=found.answer)


def _resolve(change: Change, text: str, article: str | None, leading: str = "") -> None:
    """Answer and resolve within a change that is under way, and with it every duplicate.

    :param leading: the ticket together with which this one is resolved, as its duplicate.
    """
    change.take_if_nobody_has_it()
    if text.strip():
        change.record(EntryType.REPLIED, text, public=True)
    if article is not None:
        tickets.note_article(change.session, change.ticket.id, article, change.now)
    change.become(State.RESOLVED)
    change.ticket.resolved_at = change.now
    together = {"with": leading} if leading else {}
    change.record(EntryType.RESOLVED, data={"article": article or "", **together})
    change.session.flush()
    for follower in relations.followers(change.session, change.ticket.id):
        act_due.act_until(change.session, follower, change.now)
        beside = change.beside(follower)
        _resolve(beside, text, article, change.ref)
        beside.finish()


@dataclass(frozen=True, slots=True)
class Close:
    """Close a resolved ticket: the requester is content, or did not object."""

    verb: ClassVar[Verb] = Verb.CLOSE

    def apply(self, desk: Desk, change: Change) -> None:
        """Make the ticket closed."""
        change.become(State.CLOSED)
        change.ticket.closed_at = change.now
        change.record(EntryType.CLOSED)


@dataclass(frozen=True, slots=True)
class Rate:
    """Record how content the requester is with a resolved ticket; a later rating replaces it.

    :ivar score: 1 (not at all) to 5.
    """

    score: int
    verb: ClassVar[Verb] = Verb.RATE

    def apply(self, desk: Desk, change: Change) -> None:
        """Record the score.

        :raises RefusedError: if it is not on the scale.
        """
        if not _LEAST <= self.score <= _MOST:
            raise RefusedError(
                f"{self.score} is no rating: use a whole number from 1 (worst) to 5 (best)."
            )
        change.ticket.csat = self.score
        change.record(EntryType.RATED, data={"score": self.score})


@dataclass(frozen=True, slots=True)
class Reopen:
    """Take a resolved or closed ticket up again; its clocks go on with the time used before."""

    reason: str
    verb: ClassVar[Verb] = Verb.REOPEN

    def apply(self, desk: Desk, change: Change) -> None:
        """Make the ticket open."""
        reason = accept_required(self.reason, "reason to reopen")
        change.become(State.OPEN)
        change.ticket.resolved_at = None
        change.ticket.closed_at = None
        change.ticket.reopenings += 1
        change.record(EntryType.REOPENED, reason)
