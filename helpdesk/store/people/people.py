"""Queries about agents, customers, services and settings of the desk."""

from collections.abc import Iterable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from helpdesk.domain.errors import NotFoundError, RefusedError
from helpdesk.domain.escalation import Level
from helpdesk.domain.roles import Role
from helpdesk.domain.text import one_line, storable
from helpdesk.store.models import (
    Agent,
    AgentLevel,
    Customer,
    CustomerConfidant,
    CustomerDomain,
    DeskSetting,
    Requester,
    Service,
    Ticket,
)
from helpdesk.store.people import persons

N = TypeVar("N", Customer, Service)


def agent(session: Session, login: str) -> Agent | None:
    """Return the agent with that login, or None."""
    return session.scalar(select(Agent).where(Agent.login == storable(login)))


def known_agent(session: Session, login: str) -> Agent:
    """Return the agent with that login, active or disabled.

    :raises NotFoundError: if there is none.
    """
    found = agent(session, login)
    if found is None:
        raise NotFoundError(
            f"there is no agent {storable(one_line(login))[:60]!r} on this desk; "
            "'helpdesk agent list' shows them."
        )
    return found


def require_agent(session: Session, login: str) -> Agent:
    """Return the active agent with that login.

    :raises NotFoundError: if there is none, or the agent is disabled.
    """
    found = known_agent(session, login)
    if not found.active:
        raise NotFoundError(f"the agent {login!r} is disabled.")
    return found


def agents(session: Session) -> list[Agent]:
    """Return all agents by login."""
    return list(session.scalars(select(Agent).order_by(Agent.login)))


def agents_of(session: Session, logins: Iterable[str]) -> list[Agent]:
    """Return the agents with these logins, active or disabled; unknown logins are ignored."""
    return list(session.scalars(select(Agent).where(Agent.login.in_(sorted(logins)))))


def numbers_of(session: Session, logins: Iterable[str]) -> set[int]:
    """Return the ids of the agents with these logins; unknown logins are ignored."""
    return set(session.scalars(select(Agent.id).where(Agent.login.in_(logins))))


def add_agent(
    session: Session, login: str, name: str, role: Role, levels: Iterable[Level], now: datetime
) -> Agent:
    """Add an agent.

    :raises RefusedError: if the login is taken.
    """
    if agent(session, login) is not None:
        raise RefusedError(f"there is an agent {login!r} already; use another login.")
    added = Agent(login=login, name=name or login, role=role, active=True, created_at=now)
    session.add(added)
    session.flush()
    session.add_all(AgentLevel(agent_id=added.id, level=level) for level in levels)
    return added


def desk_setting(session: Session, name: str) -> str:
    """Return a setting of the desk, or "" if it is not set."""
    setting = session.get(DeskSetting, name)
    return setting.value if setting else ""


def set_desk_setting(session: Session, name: str, value: str) -> None:
    """Set a setting of the desk."""
    session.merge(DeskSetting(name=name, value=value))


def requesters_like(session: Session, text: str, limit: int) -> list[tuple[Requester, str | None]]:
    """Return the people who are found for a text, by mail address.

    :param text: see :func:`helpdesk.domain.person_search.search_terms`.
    :returns: each with the name of their customer.
    """
    found = sorted(persons.find(session, text, limit), key=lambda one: one.mail or one.name)
    customers = ((one, persons.customer_of(session, one)) for one in found)
    return [(one, own.name if own else None) for one, own in customers]


def customer(session: Session, name: str) -> Customer | None:
    """Return the customer with that name, in any case and spacing, or None."""
    return _named(session, Customer, name)


def customer_of_mail(session: Session, mail: str) -> Customer | None:
    """Return the customer who owns the domain of a mail address, or None."""
    domain = storable(mail.rpartition("@")[2].strip().lower())
    return session.scalar(
        select(Customer)
        .join(CustomerDomain, CustomerDomain.customer_id == Customer.id)
        .where(CustomerDomain.domain == domain)
    )


def domains_of(session: Session, customer_id: int) -> tuple[str, ...]:
    """Return the mail domains of a customer, in order."""
    statement = select(CustomerDomain.domain).where(CustomerDomain.customer_id == customer_id)
    return tuple(session.scalars(statement.order_by(CustomerDomain.domain)))


def customer_names(session: Session) -> list[str]:
    """Return the names of all customers, in order."""
    return list(session.scalars(select(Customer.name).order_by(Customer.name)))


def every_customer(session: Session) -> list[Customer]:
    """Return all customers by name."""
    return list(session.scalars(select(Customer).order_by(Customer.name)))


def assign_domains(session: Session, domains: dict[str, int]) -> None:
    """Replace all mail domains of customers.

    Requesters without a customer get the customer of their domain.

    :param domains: the id of the customer, by domain.
    """
    session.execute(delete(CustomerDomain))
    session.add_all(
        CustomerDomain(domain=domain, customer_id=number) for domain, number in domains.items()
    )
    for domain, number in domains.items():
        session.execute(
            update(Requester)
            .where(
                Requester.customer_id.is_(None),
                Requester.mail.endswith(f"@{domain}", autoescape=True),
            )
            .values(customer_id=number)
        )


def assign_confidants(session: Session, confidants: dict[int, tuple[str, ...]]) -> None:
    """Replace the list of confidential customers.

    :param confidants: the logins of the agents who may see a customer's tickets, by customer id.
    """
    missing = {(number, login) for number, logins in confidants.items() for login in logins}
    for row in session.scalars(select(CustomerConfidant)):
        if (row.customer_id, row.login) in missing:
            missing.discard((row.customer_id, row.login))
        else:
            session.delete(row)
    session.add_all(
        CustomerConfidant(customer_id=number, login=login) for number, login in sorted(missing)
    )


def services(session: Session) -> list[Service]:
    """Return all services by name."""
    return list(session.scalars(select(Service).order_by(Service.name)))


def service(session: Session, name: str) -> Service | None:
    """Return the service with that name, in any case and spacing, or None."""
    return _named(session, Service, name)


def _named(session: Session, kind: type[N], name: str) -> N | None:
    wanted = " ".join(name.split())
    if wanted.isascii():
        return session.scalar(select(kind).where(func.lower(kind.name) == wanted.lower()))
    # SQLite's lower() handles ASCII only.
    rows = session.scalars(select(kind).order_by(kind.id))
    return next((row for row in rows if row.name.casefold() == wanted.casefold()), None)


def last_ticket_of(session: Session, requester_id: int) -> Ticket | None:
    """Return the newest ticket of a requester, or None."""
    statement = select(Ticket).where(Ticket.requester_id == requester_id)
    return session.scalar(statement.order_by(Ticket.id.desc()).limit(1))
