"""A symptom whose problem was taken to be solved comes back: the new ticket says so.

ITIL calls the record of a cause a problem, and what removes it a change.  A ticket that looks like
a problem which is resolved, like an incident that was linked to one, or like the change that fixed
it, tells that the fix did not hold; the lead is to see that.
"""

import sqlite3
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import DeskError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Kind, LinkKind, parse_ref, ref
from helpdesk.search.scoring import RETURN_AT
from helpdesk.store.models import Ticket, TicketLink, TicketReappearance
from helpdesk.store.ticket import relations, tickets

_HITS = 5


@dataclass(frozen=True, slots=True)
class Source:
    """The problem whose symptom came back, and the change that was to have fixed it."""

    problem: int
    change: int | None

    @property
    def sentence(self) -> str:
        """What the new ticket says."""
        fixed = f", fixed in change {ref(self.change)}" if self.change else ""
        return f"reappeared: {ref(self.problem)}{fixed}"


def find(desk: Desk, text: str) -> Source | None:
    """Return the solved problem that a new query looks like, or None.

    A desk without solved problems is not searched.  Logging a query never fails because of it.
    """
    desk.require(Right.READ)
    # Only a desk with solved problems pays for the search.
    with desk.database.read() as session:
        if not relations.has_solved_problems(session):
            return None
    belonging: set[int] = set()

    def matter(refs: tuple[str, ...]) -> bool:
        with desk.database.read() as session:
            belonging.update(
                relations.of_solved_problems(session, [parse_ref(one) for one in refs])
            )
        return bool(belonging)

    try:
        hits = desk.library.like_tickets(text, matter, _HITS)
    except (DeskError, sqlite3.Error, OSError):
        return None
    like = [
        number
        for hit in hits
        if (hit.repeat or hit.score >= RETURN_AT) and (number := parse_ref(hit.id)) in belonging
    ]
    if not like:
        return None
    with desk.database.read() as session:
        found = (source_of(session, tickets.load(session, number)) for number in like)
        return next((source for source in found if source is not None), None)


def source_of(session: Session, ticket: Ticket) -> Source | None:
    """Return the solved problem that a ticket is, or belongs to."""
    if ticket.state.is_active:
        return None
    if ticket.kind is Kind.PROBLEM:
        return Source(ticket.id, _fix_of(session, ticket.id))
    linked = [other for _, other in tickets.links(session, ticket.id)]
    solved = [one for one in linked if one.kind is Kind.PROBLEM and not one.state.is_active]
    if ticket.kind is Kind.CHANGE:
        return Source(solved[0].id if solved else ticket.id, ticket.id)
    if solved:
        return Source(solved[0].id, _fix_of(session, solved[0].id))
    changes = [one for one in linked if one.kind is Kind.CHANGE and not one.state.is_active]
    return Source(ticket.id, changes[0].id) if changes else None


def _fix_of(session: Session, problem: int) -> int | None:
    """Return the newest finished change that a problem is linked with."""
    done = [
        other.id
        for _, other in tickets.links(session, problem)
        if other.kind is Kind.CHANGE and not other.state.is_active
    ]
    return max(done, default=None)


def mark(change: Change, source: Source) -> None:
    """Say on a ticket, once, that a problem came back, and leave the ticket to the lead."""
    session, ticket = change.session, change.ticket
    if source.problem == ticket.id or session.get(TicketReappearance, ticket.id) is not None:
        return
    if not relations.are_linked(session, ticket.id, source.problem):
        session.add(TicketLink(ticket_id=ticket.id, other_id=source.problem, kind=LinkKind.RELATED))
    session.add(
        TicketReappearance(
            ticket_id=ticket.id,
            problem_id=source.problem,
            change_id=source.change,
            at=change.now,
        )
    )
    fixed = ref(source.change) if source.change else ""
    change.record(EntryType.REAPPEARED, data={"problem": ref(source.problem), "change": fixed})
    if ticket.state.is_active and ticket.with_lead_since is None:
        change.leave_to_lead(source.sentence)
