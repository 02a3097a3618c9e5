"""Look up the names in a query on this desk, and complete a query while it is typed."""

from dataclasses import replace
from difflib import get_close_matches

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.domain.query import Comparison, Completion, QueryError, TicketQuery, complete, parse
from helpdesk.domain.query.fields import ME, NONE
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store.people import people
from helpdesk.store.ticket import tags
from helpdesk.store.ticket.ticket_filter import TicketFilter

#: The fields whose values are names of this desk.
_NAME_FIELDS = ("service", "customer", "assignee")


def check(desk: Desk, text: str) -> TicketQuery:
    """Parse a query and check the names in it.

    :raises QueryError: if it cannot be parsed, or names a service, customer or agent that is not
        on this desk.
    """
    desk.require(Right.READ)
    query = parse(text)
    with desk.database.read() as session:
        resolve(desk, session, query)
    return query


def combine(first: TicketQuery, second: TicketQuery | None) -> TicketQuery:
    """Return a query with the terms of both; if the second one has a sort order, it is used."""
    if second is None:
        return first
    offset = len(first.text) + 1
    later = [
        replace(term, places=tuple(place + offset for place in term.places))
        if isinstance(term, Comparison)
        else term
        for term in second.terms
    ]
    text = f"{first.text} {second.text}"
    return TicketQuery((*first.terms, *later), second.sort or first.sort, text)


def resolve(desk: Desk, session: Session, query: TicketQuery) -> TicketFilter:
    """Return the query with the row numbers of the names in it.

    :raises QueryError: if it names a service, customer or agent that is not on this desk.
    """
    numbers: dict[tuple[str, str], int] = {}
    for term in query.terms:
        if not isinstance(term, Comparison) or term.field not in _NAME_FIELDS:
            continue
        for index, value in enumerate(term.values):
            name = str(value)
            if name == NONE:
                continue
            found = _number(desk, session, term.field, name)
            if found is None:
                at = term.places[index] if index < len(term.places) else 0
                raise QueryError(_unknown(session, term.field, name), query.text, at)
            numbers[term.field, name] = found
    return TicketFilter(query, desk.now(), numbers)


def _number(desk: Desk, session: Session, field: str, name: str) -> int | None:
    if field == "assignee":
        if name == ME:
            return desk.agent_id
        agent = people.agent(session, name)
        return agent.id if agent else None
    found = people.service(session, name) if field == "service" else people.customer(session, name)
    return found.id if found else None


def _unknown(session: Session, field: str, name: str) -> str:
    near = get_close_matches(name.lower(), {known.lower() for known in _names(session, field)}, 1)
    noun = "agent" if field == "assignee" else field
    hint = f"is it {near[0]}?" if near else "see what is offered as you type."
    return f"there is no {noun} {one_line(name)[:60]!r} on this desk: {hint}"


def _names(session: Session, field: str) -> list[str]:
    if field == "service":
        return [service.name for service in people.services(session)]
    if field == "customer":
        return people.customer_names(session)
    return [agent.login for agent in people.agents(session) if agent.active]


def completions(desk: Desk, text: str, limit: int = 8) -> list[Completion]:
    """Return completions of a query that is being typed: fields, words, names of this desk."""
    desk.require(Right.READ)

    with desk.database.read() as session:

        def known(field: str, start: str) -> list[str]:
            if field == "tag":
                return tags.in_use(session, start.lower(), limit)
            if field == "requester":
                found = people.requesters_like(session, start, limit) if start else []
                return [person.mail or person.name for person, _ in found]
            if field in _NAME_FIELDS:
                low = start.lower()
                return [name for name in _names(session, field) if name.lower().startswith(low)]
            return []

        return complete(text, known, limit)
