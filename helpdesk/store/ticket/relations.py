"""Relations between tickets: duplicates, further requesters, recurring problems."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    bindparam,
    delete,
    literal_column,
    or_,
    select,
)
from sqlalchemy.orm import Session, aliased

from helpdesk.domain.ticket import FINISHED_STATES, Kind, LinkKind
from helpdesk.store.database import visibility
from helpdesk.store.models import (
    Requester,
    Ticket,
    TicketLink,
    TicketRecurrence,
    TicketRequester,
)
from helpdesk.store.models.ticket_states import ACTIVE

#: Spelled as in the partial index, so that the planner uses it.
_PROBLEMS: ColumnElement[bool] = literal_column("tickets.kind IN ('problem', 'change')")
_PROBLEM_KINDS = (Kind.PROBLEM, Kind.CHANGE)
_FINISHED = sorted(FINISHED_STATES)
_LONGEST_WAY = 20
_THESE: BindParameter[list[int]] = bindparam("numbers", expanding=True)


def _select_of_solved_problems() -> Select[int]:
    other = aliased(Ticket)
    linked = (
        select(other.id)
        .join(
            TicketLink,
            or_(
                (TicketLink.ticket_id == Ticket.id) & (TicketLink.other_id == other.id),
                (TicketLink.other_id == Ticket.id) & (TicketLink.ticket_id == other.id),
            ),
        )
        .where(other.kind.in_(_PROBLEM_KINDS), other.state.in_(_FINISHED))
    )
    return select(Ticket.id).where(
        Ticket.id.in_(_THESE),
        Ticket.state.in_(_FINISHED),
        or_(Ticket.kind.in_(_PROBLEM_KINDS), linked.correlate(Ticket).exists()),
    )


# Built once, as they are executed for every page of a list and every query in the log form.
_DUPLICATE_OF = select(TicketLink.ticket_id, TicketLink.other_id).where(
    TicketLink.ticket_id.in_(_THESE), TicketLink.kind == LinkKind.DUPLICATE
)
_PROBLEM, _CHANGE = aliased(Ticket), aliased(Ticket)
_RECURRENCES = (
    select(TicketRecurrence.ticket_id, _PROBLEM.id, _CHANGE.id)
    .outerjoin(_PROBLEM, _PROBLEM.id == TicketRecurrence.problem_id)
    .outerjoin(_CHANGE, _CHANGE.id == TicketRecurrence.change_id)
    .where(TicketRecurrence.ticket_id.in_(_THESE))
)
_ANY_SOLVED_PROBLEM = select(Ticket.id).where(_PROBLEMS, Ticket.state.in_(_FINISHED)).limit(1)
_OF_SOLVED_PROBLEMS = _select_of_solved_problems()


def followed(session: Session, number: int) -> Ticket | None:
    """Return the ticket of which this one is a duplicate, of several the newest; or None."""
    return _newest_linked(session, number, LinkKind.DUPLICATE)


def followers(session: Session, number: int) -> list[Ticket]:
    """Return the active duplicates of a ticket, by number."""
    return active_linked(session, number, LinkKind.DUPLICATE)


def active_linked(session: Session, number: int, kind: LinkKind) -> list[Ticket]:
    """Return the active tickets that are linked to a ticket in this way, by number."""
    statement = (
        select(Ticket)
        .join(TicketLink, TicketLink.ticket_id == Ticket.id)
        .where(
            TicketLink.other_id == number,
            TicketLink.kind == kind,
            ACTIVE,
        )
        .order_by(Ticket.id)
    )
    return list(session.scalars(statement))


def followed_by_each(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Return, for those of these tickets that are duplicates, the ticket they duplicate."""
    return dict(session.execute(_DUPLICATE_OF, {"numbers": numbers}).all())


def leading_of_each(session: Session, numbers: Sequence[int]) -> dict[int, int]:
    """Return, for those of these tickets that are duplicates, the ticket at the end of the way.

    A ticket may be a duplicate of a duplicate; one that the acting agent may not see ends the way.
    """
    found: dict[int, int] = {}
    ways = {number: number for number in numbers}
    for _step in range(_LONGEST_WAY):
        nexts = followed_by_each(session, sorted(set(ways.values())))
        ways = {start: nexts[at] for start, at in ways.items() if nexts.get(at, start) != start}
        if not ways:
            break
        found |= ways
    return found


def further_requesters(session: Session, number: int) -> list[Requester]:
    """Return the further requesters of a ticket, in the order in which they were added.

    In a session that only reads, those who asked in a hidden ticket are left out.
    """
    statement = (
        select(Requester)
        .join(TicketRequester, TicketRequester.requester_id == Requester.id)
        .where(TicketRequester.ticket_id == number)
        .order_by(TicketRequester.at, Requester.id)
    )
    if visibility.hides_rows(session):
        shown = visibility.of_visible_ticket(session, TicketRequester.via_id)
        statement = statement.where(shown)
    return list(session.scalars(statement))


def have_further_requesters(session: Session, numbers: Iterable[int]) -> set[int]:
    """Return those of these tickets that have a further requester, hidden or not."""
    statement = select(TicketRequester.ticket_id).distinct()
    return set(session.scalars(statement.where(TicketRequester.ticket_id.in_(list(numbers)))))


def add_requester(session: Session, number: int, requester_id: int, via: int, at: datetime) -> None:
    """Add a further requester to a ticket, unless they are one already.

    :param via: the duplicate ticket in which they asked; the ticket's own number if an agent
        named them.
    """
    if session.get(TicketRequester, (number, requester_id)) is None:
        session.add(TicketRequester(ticket_id=number, requester_id=requester_id, via_id=via, at=at))
        session.flush()


def remove_requester(session: Session, number: int, requester_id: int) -> None:
    """Remove a further requester from a ticket; do nothing if they are none."""
    row = session.get(TicketRequester, (number, requester_id))
    if row is not None:
        session.delete(row)
        session.flush()


def remove_requesters(session: Session, number: int, via: int) -> None:
    """Remove the further requesters whom a duplicate brought to a ticket."""
    session.execute(
        delete(TicketRequester).where(
            TicketRequester.ticket_id == number, TicketRequester.via_id == via
        )
    )


def remove_recurrence(session: Session, number: int) -> None:
    """Remove the mark that a ticket is a recurrence of a solved problem."""
    session.execute(delete(TicketRecurrence).where(TicketRecurrence.ticket_id == number))


def open_of_requester(session: Session, requester_id: int | None, limit: int) -> set[int]:
    """Return the newest open tickets of a requester; none without a requester."""
    return _newest_open(session, Ticket.requester_id == requester_id, requester_id, limit)


def open_of_customer(session: Session, customer_id: int | None, limit: int) -> set[int]:
    """Return the newest open tickets of a customer; none without a customer."""
    return _newest_open(session, Ticket.customer_id == customer_id, customer_id, limit)


def _newest_open(
    session: Session, condition: ColumnElement[bool], key: int | None, limit: int
) -> set[int]:
    if key is None:
        return set()
    statement = select(Ticket.id).where(condition, ACTIVE).order_by(Ticket.id.desc()).limit(limit)
    return set(session.scalars(statement))


def has_linked(session: Session, number: int, kind: LinkKind) -> bool:
    """Whether any ticket is linked to this one in this way."""
    statement = select(TicketLink.ticket_id).where(
        TicketLink.other_id == number, TicketLink.kind == kind
    )
    return session.scalar(statement.limit(1)) is not None


def link_rows(session: Session, number: int) -> list[TicketLink]:
    """Return every link from or to a ticket, ordered by its ends."""
    statement = (
        select(TicketLink)
        .where(or_(TicketLink.ticket_id == number, TicketLink.other_id == number))
        .order_by(TicketLink.ticket_id, TicketLink.other_id, TicketLink.kind)
    )
    return list(session.scalars(statement))


def are_linked(session: Session, number: int, other: int) -> bool:
    """Whether there is any link between two tickets."""
    pair = or_(
        (TicketLink.ticket_id == number) & (TicketLink.other_id == other),
        (TicketLink.ticket_id == other) & (TicketLink.other_id == number),
    )
    return session.scalar(select(TicketLink.ticket_id).where(pair).limit(1)) is not None


def has_solved_problems(session: Session) -> bool:
    """Whether any problem or change is resolved or closed."""
    return session.scalar(_ANY_SOLVED_PROBLEM) is not None


def of_solved_problems(session: Session, numbers: Sequence[int]) -> set[int]:
    """Return those of these tickets that are finished and belong to a finished problem or change.

    A ticket belongs to one if it is one itself or is linked to one.
    """
    return set(session.scalars(_OF_SOLVED_PROBLEMS, {"numbers": numbers}))


def recurrences(
    session: Session, numbers: Sequence[int]
) -> dict[int, tuple[int | None, int | None]]:
    """Return (problem, change) for those of these tickets with a recurring problem.

    The change is None if there is none; a ticket that the acting agent may not see is None, too.
    """
    rows = session.execute(_RECURRENCES, {"numbers": numbers})
    return {number: (problem, change) for number, problem, change in rows}


def problem_of(session: Session, number: int) -> Ticket | None:
    """Return the newest problem to which a ticket is linked, or None."""
    return _newest_linked(session, number, LinkKind.PROBLEM)


def _newest_linked(session: Session, number: int, kind: LinkKind) -> Ticket | None:
    statement = (
        select(Ticket)
        .join(TicketLink, TicketLink.other_id == Ticket.id)
        .where(TicketLink.ticket_id == number, TicketLink.kind == kind)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    return session.scalar(statement)
