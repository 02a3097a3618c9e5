"""Read the support levels: who serves them, who is on duty, how long their queues are."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.people.views import LevelView
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.domain.escalation import Level
from helpdesk.domain.policy.desk_rules import LevelTerms
from helpdesk.domain.roles import Right
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.store import policies
from helpdesk.store.models import Ticket
from helpdesk.store.people import presence, serving
from helpdesk.store.ticket import queues


def levels(desk: Desk) -> tuple[LevelView, ...]:
    """Return all levels, lowest first."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return read(desk, session)


def read(desk: Desk, session: Session) -> tuple[LevelView, ...]:
    """Return all levels, lowest first, within a transaction."""
    now = desk.now()
    tallies = {row[0]: row for row in queues.tallies(session, now)}
    online = presence.online(session, now)
    terms = agreement.rules_in_force(session).levels
    views = []
    for level in Level:
        tally = tallies.get(level)
        on_duty, changes_at = _duty(session, terms[level], now)
        members = serving.members(session, level)
        views.append(
            LevelView(
                level=level,
                name=terms[level].name,
                ola_s=terms[level].ola_s,
                hours=terms[level].hours,
                requires=terms[level].requires,
                vendor=terms[level].vendor,
                vendor_contact=terms[level].vendor_contact,
                members=tuple(members.values()),
                online=tuple(login for number, login in members.items() if number in online),
                on_duty=on_duty,
                changes_at=changes_at,
                open=tally[1] if tally else 0,
                unassigned=(tally[2] or 0) if tally else 0,
            )
        )
    return tuple(views)


def is_served(session: Session, level: Level, customer_id: int | None) -> bool:
    """Whether a customer's ticket in a level's queue is somebody's: an agent's or a vendor's.

    :param customer_id: the customer; agents who may not see their tickets do not count.
    """
    terms = agreement.rules_in_force(session).levels[level]
    return bool(terms.vendor) or bool(serving.members(session, level, customer_id))


def contracted_levels(session: Session, ticket: Ticket) -> tuple[str, ...]:
    """Return the levels in the contract of the ticket's customer; all levels without a contract."""
    contract = policies.contract(session, policies.current_version(session), ticket.customer_id)
    return tuple(contract.terms["levels"]) if contract else tuple(Level)


def _duty(session: Session, terms: LevelTerms, now: datetime) -> tuple[bool, datetime | None]:
    """Return whether somebody is on duty now, and when that changes (UTC); None: never."""
    calendar = _calendar(session, terms.hours)
    if calendar is None:
        return True, None
    if calendar.is_open(now):
        return True, calendar.next_closing(now)
    return False, calendar.next_opening(now)


def _calendar(session: Session, name: str) -> SupportCalendar | None:
    if not name:
        return None
    stored = policies.newest_calendars(session).get(name)
    return agreement.calendar_of(stored.hours) if stored else None
