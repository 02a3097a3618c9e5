"""The answer that a suggestion offers, for the agent to check and edit before sending it."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.desk.knowledge.answers import NO_ANSWERS, ArticleAnswers, answers_of
from helpdesk.desk.knowledge.articles import problem_of, require_article
from helpdesk.desk.session import Desk
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.letter import without_greeting_and_signature
from helpdesk.domain.reflow import unwrap
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import parse_ref, ref
from helpdesk.store.models import Agent, Requester, Ticket, TicketEvent
from helpdesk.store.ticket import relations, tickets


@dataclass(frozen=True, slots=True)
class PastAnswer:
    """A text for the requester, and the path of the article that it comes from, if any.

    :ivar answers: all answers of that article, among which the agent can switch.
    :ivar problem: a sentence about the errors in the article; "" if there are none.
    """

    text: str
    article: str | None
    answers: ArticleAnswers = NO_ANSWERS
    problem: str = ""


def answer_of(desk: Desk, kind: str, ident: str, asked: str = "") -> PastAnswer:
    """Return the answer of an article or of a finished ticket.

    :param kind: ``article`` or ``ticket``, as in a suggestion.
    :param ident: the article's path or the ticket's reference.
    :param asked: the words of the requester, whose language an article answers in.
    :raises NotFoundError: if there is no such article or ticket.
    :raises RefusedError: if the ticket has no answer.
    """
    desk.require(Right.READ)
    if kind == "article":
        return _of_article(desk, ident, asked)
    with desk.database.read() as session:
        past = past_answer(session, parse_ref(ident))
    if past.text or past.article is None:
        return past
    return _of_article(desk, past.article, asked)


def _of_article(desk: Desk, path: str, asked: str) -> PastAnswer:
    article = require_article(desk, path)
    answers = answers_of(article)
    problem = problem_of(desk, article.path)
    return PastAnswer(answers.text_for(asked), article.path, answers, problem)


def _for_anybody(session: Session, ticket: Ticket, reply: TicketEvent) -> str:
    """Return a reply without what is for its first reader alone."""
    agent = session.get(Agent, reply.actor_id or 0)
    requester = session.get(Requester, ticket.requester_id or 0)
    names = [name for name in (agent and agent.login, agent and agent.name) if name]
    names += [requester.name] if requester and requester.name else []
    return unwrap(without_greeting_and_signature(reply.text, names))


def past_answer(session: Session, number: int) -> PastAnswer:
    """Return the last reply of a finished ticket and its last article.

    The greeting and the signature are left out: they name people who have nothing to do with the
    next query.  The text is "" if the ticket was resolved by an article without a reply.
    A duplicate has the answer of the ticket that goes on.

    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if it is not finished, or was resolved without a reply and an article.
    """
    number = relations.leading_of_each(session, [number]).get(number, number)
    past = tickets.load(session, number)
    if past.state.is_active:
        raise RefusedError(
            f"{ref(number)} is {past.state} and has no answer yet: "
            "log the query, or note it as the same issue (F6)."
        )
    articles = tickets.articles(session, number)
    replies = tickets.events_of_types(session, number, (EntryType.REPLIED,))
    text = _for_anybody(session, past, replies[-1]) if replies else ""
    if not text and not articles:
        raise RefusedError(f"{ref(number)} was resolved without an answer: write one.")
    return PastAnswer(text, articles[-1] if articles else None)
