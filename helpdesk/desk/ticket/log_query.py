"""Log a query: fill in the fields that the agent left out, and set priority and clocks."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy.orm import Session

from helpdesk.desk.knowledge.answers import answers_of
from helpdesk.desk.knowledge.articles import require_article
from helpdesk.desk.people.confidential_people import require_may_name
from helpdesk.desk.people.requesters import (
    address_of,
    find_customer,
    find_requester,
    find_service,
    meant_by,
    named_as,
)
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement, ticket_clocks
from helpdesk.desk.sla.agreement import PolicyArchive, SlaAgreement, StoredPolicyLookup
from helpdesk.desk.sla.history import read_history
from helpdesk.desk.ticket import duplicates, recurrence
from helpdesk.desk.ticket.answer_service import service_of_answer
from helpdesk.desk.ticket.first_queue import first_queue, require_members
from helpdesk.desk.ticket.links import Link
from helpdesk.desk.ticket.past_answer import past_answer
from helpdesk.desk.ticket.resolving import Resolve
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import NewQuery, QueryPreview, TicketView
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Right
from helpdesk.domain.text import accept
from helpdesk.domain.ticket import LinkKind, State
from helpdesk.domain.ticket_fields import LOGGED, FieldType, accepted_values, given_values
from helpdesk.domain.triage import guess_impact, guess_kind, guess_service, guess_urgency
from helpdesk.store.models import Customer, Requester, Service, Ticket, TicketEvent
from helpdesk.store.people import people

_STORED = tuple(field for field in LOGGED if field.is_stored)
_TEXTS = tuple(field for field in LOGGED if field.field_type is FieldType.TEXT)


class HowToFinish(TypedDict, total=False):
    """How a query is finished as it is logged; see :func:`log_and_finish`."""

    resolve_with: str | None
    resolve_like: int | None
    duplicate_of: int | None
    problem: int | None
    reply: str


@dataclass(frozen=True, slots=True)
class LoggedQuery:
    """What came of a query.

    :ivar ref: the reference of the new ticket.
    :ivar ticket: the new ticket; for a duplicate, the ticket that it follows.
    """

    ref: str
    ticket: TicketView


@dataclass(frozen=True, slots=True)
class _Filled:
    """A query with its empty fields filled in.

    ``requester``, ``customer`` and ``service`` are None if unknown or not stored yet.
    """

    requester: Requester | None
    customer: Customer | None
    service: Service | None
    ticket: Ticket
    sla: SlaAgreement


def preview(desk: Desk, query: NewQuery) -> QueryPreview:
    """Return how the query would be logged now, without changing anything.

    Names that are not stored yet are shown as typed.
    """
    desk.require(Right.READ)
    now = desk.now()
    with desk.database.read() as session:
        meant = meant_by(session, query.requester) if query.requester.strip() else []
        requester = meant[0] if len(meant) == 1 else None
        query = replace(
            query,
            requester=address_of(query.requester),
            queue=first_queue(query, desk.agent.levels),
        )
        customer = _customer_by_name(session, query, requester)
        service = _service_by_name(session, query, requester)
        filled = _fill(session, query, requester, customer, service, now)
    sla = filled.sla
    return QueryPreview(
        requester=named_as(requester) or query.requester,
        customer=customer.name if customer else query.customer,
        support_hours=sla.calendar_name,
        service=service.name if service else query.service,
        kind=filled.ticket.kind,
        impact=filled.ticket.impact,
        urgency=filled.ticket.urgency,
        priority=filled.ticket.priority,
        policy=sla.policy,
        respond_by=_due(sla, now, sla.targets.first_response_s),
        resolve_by=_due(sla, now, sla.targets.resolution_s),
        queue=filled.ticket.queue,
    )


def _due(sla: SlaAgreement, now: datetime, seconds: int | None) -> datetime | None:
    return None if seconds is None else sla.calendar.add(now, seconds)


def log_query(desk: Desk, query: NewQuery, **how: Unpack[HowToFinish]) -> TicketView:
    """Log a query as :func:`log_and_finish` does, and return only the ticket to look at."""
    return log_and_finish(desk, query, **how).ticket


def log_and_finish(
    desk: Desk,
    query: NewQuery,
    *,
    resolve_with: str | None = None,
    resolve_like: int | None = None,
    duplicate_of: int | None = None,
    problem: int | None = None,
    reply: str = "",
) -> LoggedQuery:
    """Log a query as a new ticket; a repeat issue can be finished in the same transaction.

    A query that is similar to a solved problem is marked as a recurrence of it.  Without a service
    of its own it has the service of the article or ticket that answers it.

    :param resolve_with: the path of the article whose Answer section becomes the reply.
    :param resolve_like: the number of a finished ticket whose last answer, without greeting and
        signature, or whose article becomes the reply.
    :param duplicate_of: the number of the open ticket about the same issue, which the new ticket
        follows.
    :param problem: the number of the problem that causes it.
    :param reply: the reply, instead of the answer of the article or the finished ticket.
    :raises NotFoundError: if there is no such article or ticket.
    :raises RefusedError: if the subject is empty, a name is not valid, or a text is too long.
    """
    desk.require(Right.WORK)
    asked = f"{query.subject}\n{query.body}"
    answer = _answer_for(desk, resolve_with, asked) if resolve_with else ""
    solved_problem = recurrence.find(desk, asked)
    with desk.database.write() as session:
        if not query.service.strip():
            like = (resolve_like, duplicate_of, problem)
            query = replace(query, service=service_of_answer(desk, session, resolve_with, like))
        ticket = log_in_transaction(desk, session, query)
        if query.queue is not None:
            require_members(session, ticket)
        change = TicketChange.by(desk, session, ticket)
        if problem is not None:
            Link(problem, LinkKind.PROBLEM).apply(desk, change)
        if solved_problem is not None:
            recurrence.mark(change, solved_problem)
        if resolve_like is not None:
            past = past_answer(session, resolve_like)
            answer, resolve_with = past.text, past.article
            if not answer and resolve_with:
                answer = _answer_for(desk, resolve_with, asked)
        if resolve_with is not None or answer:
            Resolve(reply or answer, resolve_with).apply(desk, change)
        number = ticket.id
        if duplicate_of is not None:
            number = duplicates.join(change, duplicate_of).id
        change.finish()
        new = change.ref
    return LoggedQuery(new, show(desk, number))


def _answer_for(desk: Desk, article: str, asked: str) -> str:
    """Return the answer of an article in the language of the query's words."""
    return answers_of(require_article(desk, article)).text_for(asked)


def log_in_transaction(desk: Desk, session: Session, query: NewQuery) -> Ticket:
    """Log a query within an open transaction; errors as for :func:`log_query`."""
    now = desk.now()
    query = replace(
        query, **accepted_values(query, _TEXTS), queue=first_queue(query, desk.agent.levels)
    )
    requester = (
        find_requester(session, query.requester, new=query.new_person)
        if query.requester.strip()
        else None
    )
    if requester is not None:
        require_may_name(session, requester)
    if requester is not None and requester.customer_id is None and query.customer.strip():
        requester.customer_id = find_customer(session, query.customer).id
    customer = _customer_by_name(session, query, requester)
    if customer is None and query.customer.strip():
        customer = find_customer(session, query.customer)
    service = _service_by_name(session, query, requester)
    if service is None and query.service.strip():
        service = find_service(session, query.service)
    filled = _fill(session, query, requester, customer, service, now)
    ticket = filled.ticket
    data = {"channel": ticket.channel, "promise": filled.sla.as_data(), "version": 1}
    if ticket.queue is not Level.L1:
        data["queue"] = ticket.queue
    data = {"channel": ticket.channel, "promise": filled.sla.as_data(), "version": 1}
    if ticket.queue is not Level.L1:
        data["queue"] = ticket.queue
    logged = TicketEvent(
        at=now, actor_id=desk.agent_id, type=EntryType.LOGGED, public=True, data=data
    )
    history = read_history([logged], PolicyArchive(session))
    clocks = ticket_clocks.update_queue_order(ticket, history, now)
    session.add(ticket)
    session.flush()
    logged.ticket_id = ticket.id
    for clock in clocks:
        clock.ticket_id = ticket.id
    session.add_all([logged, *clocks])
    session.flush()
    return ticket


def _fill(
    session: Session,
    query: NewQuery,
    requester: Requester | None,
    customer: Customer | None,
    service: Service | None,
    now: datetime,
) -> _Filled:
    words = f"{query.subject}\n{query.body}"
    kind = query.kind or guess_kind(query.subject)
    impact = query.impact or guess_impact(words)
    urgency = query.urgency or guess_urgency(words)
    priority = agreement.rules_in_force(session).priority_of(impact, urgency)
    customer_id = customer.id if customer else None
    service_id = service.id if service else None
    sla = agreement.for_facts(
        StoredPolicyLookup(session), customer_id, service_id, kind, priority, now
    ).for_asked(kind, query.channel, named=requester is not None)
    ticket = Ticket(
        **{**given_values(query, _STORED), "kind": kind, "impact": impact, "urgency": urgency},
        version=1,
        body=accept(query.body, "details"),
        state=State.NEW,
        priority=priority,
        requester_id=requester.id if requester else None,
        customer_id=customer_id,
        service_id=service_id,
        policy_id=sla.policy_id,
        calendar_id=sla.calendar_id,
        created_at=now,
        updated_at=now,
        hand_overs=0,
        reopenings=0,
    )
    return _Filled(requester, customer, service, ticket, sla)


def _customer_by_name(
    session: Session, query: NewQuery, requester: Requester | None
) -> Customer | None:
    if query.customer.strip():
        return people.customer(session, query.customer)
    if requester is not None:
        return session.get(Customer, requester.customer_id or 0)
    return people.customer_of_mail(session, query.requester)


def _service_by_name(
    session: Session, query: NewQuery, requester: Requester | None
) -> Service | None:
    if query.service.strip():
        return people.service(session, query.service)
    known = {service.name: service for service in people.services(session)}
    keywords = {name: service.keywords for name, service in known.items()}
    guessed = guess_service(query.subject, keywords) or guess_service(query.body, keywords)
    if guessed:
        return known[guessed]
    last = people.last_ticket_of(session, requester.id) if requester else None
    return session.get(Service, last.service_id or 0) if last else None
