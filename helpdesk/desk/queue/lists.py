"""Read lists of tickets: the queues L1 to L4, an agent's own tickets, and the header's counts."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from helpdesk.desk.queue import filters, folding
from helpdesk.desk.queue.folding import Folds
from helpdesk.desk.queue.views import DeskCounts, FoldedRow, QueueCount, QueuePage, QueueRow
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.desk.sla.clock_views import clock_views
from helpdesk.desk.sla.views import ClockView
from helpdesk.domain.escalation import Level
from helpdesk.domain.query import TicketQuery
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import State, ref
from helpdesk.domain.ticket_fields import IN_ROW, values_of
from helpdesk.store.people import notices, people
from helpdesk.store.ticket import messages, queues, relations, tags

_PAGE_SIZE = 200
#: The orders of a list without a query.
SORTS = ("due", "created", "updated", "priority", "requester")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which tickets a list shows, and how it is sorted.

    :ivar assignee: a login, or "-" for tickets without an assignee.
    :ivar state: only tickets in this state; by default those that are new, open or pending.
    :ivar sort: one of :data:`SORTS`, with "-" before it turned round; None: as the query says,
        else by due time.
    :ivar query: only tickets that it matches; it also says which states are included.
    :ivar folded: whether duplicates are folded under the ticket that they follow, if both are
        listed; for a queue or an agent's tickets, without state or query.
    :ivar unfolded: the ticket whose duplicates have rows of their own below it all the same.
    """

    queue: Level | None = None
    assignee: str | None = None
    state: State | None = None
    sort: str | None = None
    query: TicketQuery | None = None
    folded: bool = False
    unfolded: int | None = None

    @property
    def order(self) -> str:
        """The order of a list without a query."""
        return self.sort or "due"


def page(
    desk: Desk, selection: Selection, offset: int = 0, limit: int | None = _PAGE_SIZE
) -> QueuePage:
    """Return some rows of a list, and the length of the list.

    :param limit: how many rows at most; None: all.
    :raises NotFoundError: if there is no agent with the assignee's login.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        condition = _condition(desk, session, selection)
        if selection.folded:
            return _folded_page(desk, session, condition, selection, offset, limit)
        rows = queues.rows(session, condition, sort=selection.sort, offset=offset, limit=limit)
        total = queues.total(session, condition)
        return QueuePage(tuple(_views(desk, session, rows)), offset, total)


def page_of_numbers(desk: Desk, numbers: Sequence[int], offset: int, limit: int) -> QueuePage:
    """Return some rows of a list of tickets that the caller gives by their numbers."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        rows = rows_of(desk, session, numbers[offset : offset + limit])
    return QueuePage(rows, offset, len(numbers))


def rows_of(desk: Desk, session: Session, numbers: Sequence[int]) -> tuple[QueueRow, ...]:
    """Return the rows of these tickets in this order, within a transaction.

    Tickets that do not exist or that the agent may not see are left out.
    """
    found = {
        row.number: row for row in _views(desk, session, queues.rows_by_id(session, [*numbers]))
    }
    return tuple(found[number] for number in numbers if number in found)


def _folded_page(
    desk: Desk,
    session: Session,
    criteria: queues.TicketCriteria,
    selection: Selection,
    offset: int,
    limit: int | None,
) -> QueuePage:
    """Return a page of a list in which each group has one row, but for one unfolded group."""
    folds, sort, unfolded = (
        _folds(session, criteria, selection),
        selection.order,
        selection.unfolded,
    )
    criteria = replace(criteria, hidden=folds.hidden)
    below = folds.members.get(unfolded or 0, ())
    first = 0  # the place of the first unfolded row, right behind that of its group
    if below:
        first = (queues.position(session, criteria, folds.first_of(below[0]), sort) or 0) + 1
    start = offset if offset < first else max(first, offset - len(below))
    numbers = queues.page_numbers(session, criteria, sort, start, limit)
    places = range(0)
    if below and start <= first:
        numbers[first - start : first - start] = below
        numbers = numbers[offset - start :]
        places = range(first - offset, first - offset + len(below))
    shown = folded_rows(desk, session, numbers[:limit], folds, unfolded, places)
    return QueuePage(shown, offset, queues.total(session, criteria) + len(below))


def _folds(session: Session, criteria: queues.TicketCriteria, selection: Selection) -> Folds:
    folds = folding.read(session, criteria.queue, criteria.assignee_id)
    return folds if selection.order in ("due", "-due") else folds.at_followed()


def folded_rows(
    desk: Desk,
    session: Session,
    numbers: Sequence[int],
    folds: Folds,
    unfolded: int | None = None,
    below: range = range(0),
) -> tuple[QueueRow, ...]:
    """Return rows in this order; of a group, that of the followed ticket.

    :param unfolded: the followed ticket whose duplicates have rows as well.
    :param below: the places of those rows.
    """
    followed = [folds.followed.get(number, number) for number in numbers]
    urgent = [folds.urgent[of] for of in followed if of in folds.urgent]
    wanted = [*{*numbers, *followed, *urgent}]
    found = {row.number: row for row in rows_of(desk, session, wanted)}
    below_them = [number for of in followed for number in folds.members.get(of, ())]
    unanswered = messages.unanswered(session, below_them) if below_them else set()
    shown: list[QueueRow] = []
    for place, (number, of) in enumerate(zip(numbers, followed, strict=True)):
        row = found.get(number)
        if row is not None and place not in below and of in folds.members and of in found:
            members = folds.members[of]
            wrote = found[of].requester_wrote or not unanswered.isdisjoint(members)
            urgent_row = found.get(folds.urgent[of], row)
            folded = _folded(found[of], urgent_row, len(members), unfolded=of == unfolded)
            row = replace(folded, requester_wrote=wrote)
        if row is not None:
            shown.append(row)
    return tuple(shown)


def _folded(followed: QueueRow, urgent: QueueRow, count: int, *, unfolded: bool) -> FoldedRow:
    values = {field.name: getattr(followed, field.name) for field in fields(QueueRow)}
    return FoldedRow(**{**values, "clock": urgent.clock}, duplicates=count, unfolded=unfolded)


def position(desk: Desk, selection: Selection, number: int) -> int | None:
    """Return the position (from 0) of a ticket in a list without a query; None: not in it.

    A folded duplicate has the position of the ticket that it follows.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        criteria = _condition(desk, session, selection)
        if not selection.folded:
            return queues.position(session, criteria, number, selection.order)
        folds = _folds(session, criteria, selection)
        criteria = replace(criteria, hidden=folds.hidden)
        place = queues.position(session, criteria, folds.first_of(number), selection.order)
        below = folds.members.get(selection.unfolded or 0, ())
        if not below or place is None:
            return place
        group = queues.position(session, criteria, folds.first_of(below[0]), selection.order) or 0
        if number in below:
            return group + 1 + below.index(number)
        return place + len(below) if place > group else place


def counts(desk: Desk) -> DeskCounts:
    """Return the current counts of every queue and of the acting agent's own tickets.

    Duplicates count as one with the ticket that they follow, if both are in the same list.
    """
    desk.require(Right.READ)
    now = desk.now()
    with desk.database.read() as session:
        by_level = {
            row[0]: QueueCount(row[1], row[2], row[3], row[4])
            for row in queues.tallies(session, now, folding.read(session).hidden)
        }
        own = folding.read(session, assignee_id=desk.agent_id)
        mine = queues.tally_of_assignee(session, desk.agent_id, now, own.hidden)
        unread = notices.unread(session, desk.agent_id)
        rank = queues.next_due_rank(session, desk.agent.levels, now)
        rules = agreement.rules_in_force(session)
        names = {level: terms.name for level, terms in rules.levels.items()}
    return DeskCounts(
        queues={level: by_level.get(level, QueueCount()) for level in Level},
        mine=QueueCount(*(figure or 0 for figure in mine)),
        next_breach_at=_rank_time(rank),
        names=names,
        unread=unread,
        may_copy=rules.clipboard,
    )


def _rank_time(rank: int | None) -> datetime | None:
    if rank is None or rank >= queues.NOT_RUNNING_RANK:
        return None
    return datetime.fromtimestamp(rank, UTC)


def _condition(desk: Desk, session: Session, selection: Selection) -> queues.TicketCriteria:
    unassigned = selection.assignee == "-"
    assignee_id = None
    if selection.assignee is not None and not unassigned:
        assignee_id = people.require_agent(session, selection.assignee).id
    query_filter = None
    if selection.query is not None:
        query_filter = filters.resolve(desk, session, selection.query)
    return queues.TicketCriteria(
        selection.queue, selection.state, assignee_id, unassigned, filter=query_filter
    )


def _views(desk: Desk, session: Session, rows: list[Row[*tuple[Any, ...]]]) -> Iterable[QueueRow]:
    numbers = [row.id for row in rows]
    clocks = clock_views(session, numbers, desk.now())
    tags_by_ticket = tags.of_tickets(session, numbers)
    originals = relations.followed_by_each(session, numbers)
    recurrences = relations.recurrences(session, numbers)
    unanswered = messages.unanswered(session, numbers)
    for row in rows:
        yield QueueRow(
            number=row.id,
            ref=ref(row.id),
            version=row.version,
            **values_of(row, IN_ROW),
            requester=row.requester_mail or "",
            requester_name=row.requester_name or "",
            customer=row.customer or "",
            service=row.service or "",
            assignee=row.assignee or "",
            with_lead=row.with_lead_since is not None,
            tags=tags_by_ticket.get(row.id, ()),
            duplicate_of=ref(originals[row.id]) if row.id in originals else "",
            reappeared=ref(problem) if (problem := recurrences.get(row.id, (None,))[0]) else "",
            requester_wrote=row.id in unanswered,
            follow_up_due=row.follow_up_due,
            clocks=clocks.get(row.id, ()),
            clock=_clock_named(clocks.get(row.id, ()), row.due_clock),
        )


def _clock_named(clocks: tuple[ClockView, ...], name: str) -> ClockView | None:
    return next((clock for clock in clocks if clock.name == name), None)
