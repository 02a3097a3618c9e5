"""Turn tickets into documents of the search index."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import BindParameter, Row, Select, bindparam, func, select
from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import State, parse_ref, ref
from helpdesk.store.database.database import Database
from helpdesk.store.models import (
    Agent,
    Customer,
    Requester,
    Service,
    Ticket,
    TicketArticle,
    TicketEvent,
    TicketTag,
)
from helpdesk.store.search.documents import DUPLICATE, TICKET, Doc
from helpdesk.store.ticket import relations, tickets

_BATCH = 2_000
#: How many characters of a ticket's details, and of its last reply, are indexed.
_TEXT_LIMIT = 4_000
#: How many characters of all other entries together are indexed, the newest first.
_HISTORY_LIMIT = 10_000

# Built once, as they are executed for every query that is logged.
_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_CHANGED = select(TicketEvent.ticket_id).where(TicketEvent.id > bindparam("mark"))
_MARK = select(TicketEvent.ticket_id, TicketEvent.type, TicketEvent.actor_id, TicketEvent.at).where(
    TicketEvent.id == bindparam("event")
)
_TICKETS = (
    select(
        Ticket.id, Ticket.subject, Ticket.body, Ticket.state, Ticket.updated_at,
        Ticket.version, Service.name.label("service"), Requester.name.label("requester"),
        Requester.mail, Customer.name.label("customer"), Agent.name.label("assignee"), Agent.login,
    )
    .outerjoin(Service, Service.id == Ticket.service_id)
    .outerjoin(Requester, Requester.id == Ticket.requester_id)
    .outerjoin(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Agent, Agent.id == Ticket.assignee_id)
    .where(Ticket.id.in_(_NUMBERS))
    .order_by(Ticket.id)
)  # fmt: skip
_ANSWERS = select(TicketArticle.ticket_id, TicketArticle.path).where(
    TicketArticle.ticket_id.in_(_NUMBERS), tickets.answer_counts()
)
_ENTRIES = (
    select(TicketEvent.ticket_id, TicketEvent.type, TicketEvent.text)
    .where(TicketEvent.ticket_id.in_(_NUMBERS), TicketEvent.text != "")
    .order_by(TicketEvent.id.desc())
)
_TAGS = select(TicketTag.ticket_id, TicketTag.tag).where(TicketTag.ticket_id.in_(_NUMBERS))


class TicketDocs:
    """Reads the tickets of a desk as documents of the search index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self) -> int:
        """Return the number of the newest timeline entry."""
        with self._database.read(as_desk=True) as session:
            return session.scalar(select(func.max(TicketEvent.id))) or 0

    def mark(self, event: int) -> str:
        """Return the number of a timeline entry with its ticket, kind, author and time.

        Texts are left out, because they can be erased.  "0" before the first entry; "" if there is
        no entry with this number.
        """
        if not event:
            return "0"
        with self._database.read(as_desk=True) as session:
            row = session.execute(_MARK, {"event": event}).one_or_none()
        return "" if row is None else f"{event} {row.ticket_id} {row.type} {row.actor_id} {row.at}"

    def after(self, last: str) -> Sequence[Doc]:
        """Return the next batch of tickets by number.

        :param last: the ref of the last ticket of the previous batch; "" for the first batch.
        """
        first = parse_ref(last) if last else 0
        statement = select(Ticket.id).where(Ticket.id > first).order_by(Ticket.id).limit(_BATCH)
        with self._database.read(as_desk=True) as session:
            return _docs(session, list(session.scalars(statement)))

    def changed_since(self, mark: int) -> Iterator[Sequence[Doc]]:
        """Yield the tickets with timeline entries after number ``mark``, in batches.

        Entries are committed in the order of their numbers (see
        :class:`~helpdesk.store.database.change_feed.ChangeFeed`).
        """
        # Sorted here: with ORDER BY ticket, the database would read all entries, not only the new.
        with self._database.read(as_desk=True) as session:
            numbers = sorted(set(session.scalars(_CHANGED, {"mark": mark})))
        for start in range(0, len(numbers), _BATCH):
            with self._database.read(as_desk=True) as session:
                docs = _docs(session, numbers[start : start + _BATCH])
            yield docs


def _docs(session: Session, numbers: list[int]) -> list[Doc]:
    if not numbers:
        return []
    texts = _texts(session, numbers)
    tags = _by_ticket(session, _TAGS, numbers)
    duplicates = relations.followed_by_each(session, numbers)
    answered_by = _by_ticket(session, _ANSWERS, numbers)
    return [
        Doc(
            kind=TICKET,
            ref=ref(row.id),
            title=row.subject,
            body=f"{row.body[:_TEXT_LIMIT]}\n{texts.get(row.id, '')}".strip(),
            tags=_names(row, tags.get(row.id, ())),
            service=row.service or "",
            status=DUPLICATE if row.id in duplicates else State(row.state).value,
            day=row.updated_at.toordinal(),
            answered_by=tuple(answered_by.get(row.id, ())),
            stamp=str(row.version),
        )
        for row in session.execute(_TICKETS, {"numbers": numbers})
    ]


def _names(row: Row[*tuple[Any, ...]], tags: Iterable[str]) -> str:
    """Return the names by which people remember a ticket: its number, tags, people, customer."""
    people = (row.requester, row.mail, row.customer, row.assignee, row.login)
    return " ".join([ref(row.id), *tags, *filter(None, people)])


def _by_ticket(
    session: Session, statement: Select[int, str], numbers: list[int]
) -> dict[int, list[str]]:
    """Return the values of (ticket, value) rows by ticket."""
    found: dict[int, list[str]] = {}
    for number, value in session.execute(statement, {"numbers": numbers}):
        found.setdefault(number, []).append(value)
    return found


def _texts(session: Session, numbers: list[int]) -> dict[int, str]:
    """Return the texts of each ticket's entries: its last reply, then the others, newest first."""
    replies: dict[int, str] = {}
    others: dict[int, str] = {}
    for number, kind, text in session.execute(_ENTRIES, {"numbers": numbers}):
        if kind is EntryType.REPLIED and number not in replies:
            replies[number] = text[:_TEXT_LIMIT]
        elif len(others.get(number, "")) < _HISTORY_LIMIT:
            others[number] = f"{others.get(number, '')}\n{text[:_TEXT_LIMIT]}"
    return {
        number: f"{replies.get(number, '')}{others.get(number, '')}".strip()
        for number in {*replies, *others}
    }
