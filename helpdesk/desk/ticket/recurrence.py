"""Detect recurrences: new tickets with the symptoms of a problem that counts as solved.

In ITIL a problem is the record of a cause, and a change removes the cause.  If a new ticket is
similar to a resolved problem, to an incident that was linked to one, or to the change that fixed
it, the fix did not work: the ticket is marked, and the lead is notified.
"""

import sqlite3
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import DeskError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Kind, LinkKind, parse_ref, ref
from helpdesk.search.scoring import RECURRENCE_AT
from helpdesk.store.models import Ticket, TicketLink, TicketRecurrence
from helpdesk.store.ticket import relations, tickets

_HITS = 5


@dataclass(frozen=True, slots=True)
class RecurringProblem:
    """A solved problem that came back, and the change that should have fixed it, if any."""

    problem: int
    change: int | None

    @property
    def sentence(self) -> str:
        """The sentence about it on the new ticket."""
        fixed = f", fixed in change {ref(self.change)}" if self.change else ""
        return f"reappeared: {ref(self.problem)}{fixed}"


def find(desk: Desk, text: str) -> RecurringProblem | None:
    """Return the solved problem that a new query is similar to, or None.

    Errors of the search are ignored, because they must not prevent logging the query.
    """
    desk.require(Right.READ)
    # Without solved problems, the search is not needed.
    with desk.database.read() as session:
        if not relations.has_solved_problems(session):
            return None
    candidates: set[int] = set()

    def has_candidates(refs: tuple[str, ...]) -> bool:
        with desk.database.read() as session:
            candidates.update(
                relations.of_solved_problems(session, [parse_ref(one) for one in refs])
            )
        return bool(candidates)

    def hidden(refs: tuple[str, ...]) -> frozenset[str]:
        with desk.database.read() as session:
            shown = tickets.visible_numbers(session, [parse_ref(one) for one in refs])
        return frozenset(one for one in refs if parse_ref(one) not in shown)

    try:
        hits = desk.library.similar_tickets(text, has_candidates, _HITS, hidden)
    except (DeskError, sqlite3.Error, OSError):
        return None
    similar = [
        number
        for hit in hits
        if (hit.repeat or hit.score >= RECURRENCE_AT)
        and (number := parse_ref(hit.id)) in candidates
    ]
    if not similar:
        return None
    with desk.database.read() as session:
        problems = (solved_problem_of(session, tickets.load(session, number)) for number in similar)
        return next((problem for problem in problems if problem is not None), None)


def solved_problem_of(session: Session, ticket: Ticket) -> RecurringProblem | None:
    """Return the solved problem that a finished ticket is or belongs to; None if there is none."""
    if ticket.state.is_active:
        return None
    if ticket.kind is Kind.PROBLEM:
        return RecurringProblem(ticket.id, _fix_of(session, ticket.id))
    linked = [other for _, other in tickets.links(session, ticket.id)]
    solved = [one for one in linked if one.kind is Kind.PROBLEM and not one.state.is_active]
    if ticket.kind is Kind.CHANGE:
        return RecurringProblem(solved[0].id if solved else ticket.id, ticket.id)
    if solved:
        return RecurringProblem(solved[0].id, _fix_of(session, solved[0].id))
    changes = [one for one in linked if one.kind is Kind.CHANGE and not one.state.is_active]
    return RecurringProblem(ticket.id, changes[0].id) if changes else None


def _fix_of(session: Session, problem: int) -> int | None:
    """Return the number of the newest finished change that is linked to a problem."""
    done = [
        other.id
        for _, other in tickets.links(session, problem)
        if other.kind is Kind.CHANGE and not other.state.is_active
    ]
    return max(done, default=None)


def mark(change: TicketChange, recurring: RecurringProblem) -> None:
    """Mark a ticket, once, as a recurrence of a problem, and escalate it to the lead."""
    session, ticket = change.session, change.ticket
    if recurring.problem == ticket.id or session.get(TicketRecurrence, ticket.id) is not None:
        return
    if not relations.are_linked(session, ticket.id, recurring.problem):
        session.add(
            TicketLink(ticket_id=ticket.id, other_id=recurring.problem, kind=LinkKind.RELATED)
        )
    session.add(
        TicketRecurrence(
            ticket_id=ticket.id,
            problem_id=recurring.problem,
            change_id=recurring.change,
            at=change.now,
        )
    )
    fixed = ref(recurring.change) if recurring.change else ""
    change.record(EntryType.REAPPEARED, data={"problem": ref(recurring.problem), "change": fixed})
    if ticket.state.is_active and ticket.with_lead_since is None:
        change.escalate_to_lead(recurring.sentence)
