"""Queries about time entries, running timers and contracts."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Row, case, func, or_, select, type_coerce
from sqlalchemy.orm import Session

from helpdesk.store.models import Agent, Contract, Customer, Ticket, TimeEntry, Timer


def of_ticket(session: Session, number: int) -> list[tuple[TimeEntry, str]]:
    """Return a ticket's time entries as (entry, agent's login), oldest first."""
    statement = (
        select(TimeEntry, Agent.login)
        .join(Agent, Agent.id == TimeEntry.agent_id)
        .where(TimeEntry.ticket_id == number)
        .order_by(TimeEntry.id)
    )
    return [(entry, login) for entry, login in session.execute(statement)]


def sums_of_ticket(session: Session, number: int) -> tuple[int, int]:
    """Return the sums (minutes, billable minutes) of a ticket."""
    statement = select(*_sums()).where(TimeEntry.ticket_id == number)
    minutes, billable = session.execute(statement).one()
    return minutes or 0, billable or 0


def _sums() -> tuple[Any, ...]:
    billable = case((TimeEntry.billable, TimeEntry.minutes), else_=0)
    return func.sum(TimeEntry.minutes), func.sum(billable)


def by_number(session: Session, numbers: Sequence[int]) -> list[TimeEntry]:
    """Return these time entries, by number."""
    statement = select(TimeEntry).where(TimeEntry.id.in_(numbers)).order_by(TimeEntry.id)
    return list(session.scalars(statement))


def with_corrections(session: Session, numbers: Sequence[int]) -> list[TimeEntry]:
    """Return these time entries and those that correct them, by number."""
    either = or_(TimeEntry.id.in_(numbers), TimeEntry.corrects_id.in_(numbers))
    return list(session.scalars(select(TimeEntry).where(either).order_by(TimeEntry.id)))


def timers_on(session: Session, number: int) -> list[Timer]:
    """Return the timers that run on a ticket, by agent."""
    statement = select(Timer).where(Timer.ticket_id == number).order_by(Timer.agent_id)
    return list(session.scalars(statement))


def correction_of(session: Session, number: int) -> TimeEntry | None:
    """Return the time entry that corrects this one, or None."""
    return session.scalar(select(TimeEntry).where(TimeEntry.corrects_id == number))


def timer(session: Session, agent_id: int) -> Timer | None:
    """Return an agent's running timer, or None."""
    return session.get(Timer, agent_id)


def per_customer(session: Session, start: int, end: int) -> list[Row[*tuple[Any, ...]]]:
    """Return (customer's id, minutes, billable minutes, tickets) of time in ``[start, end)``.

    ``start`` and ``end`` are seconds since 1970, here and below.  A ticket counts for its current
    customer, or for None.
    """
    at = type_coerce(TimeEntry.at, BigInteger)
    statement = (
        select(Ticket.customer_id, *_sums(), func.count(TimeEntry.ticket_id.distinct()))
        .join(Ticket, Ticket.id == TimeEntry.ticket_id)
        .where(at >= start, at < end)
        .group_by(Ticket.customer_id)
    )
    return list(session.execute(statement))


def per_agent(session: Session, start: int, end: int) -> list[Row[*tuple[Any, ...]]]:
    """Return (login, customer's id, minutes, billable minutes) of time in ``[start, end)``."""
    at = type_coerce(TimeEntry.at, BigInteger)
    statement = (
        select(Agent.login, Ticket.customer_id, *_sums())
        .join(Agent, Agent.id == TimeEntry.agent_id)
        .join(Ticket, Ticket.id == TimeEntry.ticket_id)
        .where(at >= start, at < end)
        .group_by(Agent.login, Ticket.customer_id)
        .order_by(Agent.login)
    )
    return list(session.execute(statement))


def billable_of_customer(session: Session, customer_id: int, start: int, end: int) -> int:
    """Return the billable minutes of a customer in ``[start, end)``."""
    at = type_coerce(TimeEntry.at, BigInteger)
    statement = (
        select(func.sum(TimeEntry.minutes))
        .join(Ticket, Ticket.id == TimeEntry.ticket_id)
        .where(at >= start, at < end, TimeEntry.billable, Ticket.customer_id == customer_id)
    )
    return session.scalar(statement) or 0


def tickets_logged(session: Session, customer_id: int, start: int, end: int) -> int:
    """Return how many tickets of a customer were logged in ``[start, end)``."""
    at = type_coerce(Ticket.created_at, BigInteger)
    statement = select(func.count()).select_from(Ticket)
    return (
        session.scalar(statement.where(Ticket.customer_id == customer_id, at >= start, at < end))
        or 0
    )


def contracts(session: Session, version_id: int) -> list[tuple[Contract, str]]:
    """Return the contracts of a policy version, each with the customer's name."""
    statement = (
        select(Contract, Customer.name)
        .join(Customer, Customer.id == Contract.customer_id)
        .where(Contract.version_id == version_id)
    )
    return [(contract, name) for contract, name in session.execute(statement)]
