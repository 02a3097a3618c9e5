"""What is findable of a ticket, for the search index."""

from collections.abc import Iterator, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.domain.ticket import LinkKind, State, ref
from helpdesk.store.database import Database
from helpdesk.store.models import Service, Ticket, TicketEvent, TicketLink
from helpdesk.store.search_index import HIDDEN, TICKET, Doc

_BATCH = 2_000
#: Of a ticket's text, what its first screens hold is what it is about.
_TEXT_LIMIT = 4_000


class TicketDocs:
    """The tickets of a desk, as documents of the search index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self) -> int:
        """Return the number of the newest event."""
        with self._database.read() as session:
            return session.scalar(select(func.max(TicketEvent.id))) or 0

    def changed_since(self, mark: int) -> Iterator[Sequence[Doc]]:
        """Yield the tickets that have events after ``mark``, in batches.

        Each batch is a transaction of its own, so that a first filling holds nothing open.
        """
        last = 0
        while True:
            with self._database.read() as session:
                numbers = _changed(session, mark, last)
                docs = _docs(session, numbers)
            if not numbers:
                return
            last = numbers[-1]
            yield docs


def _changed(session: Session, mark: int, last: int) -> list[int]:
    if mark:
        recent = select(TicketEvent.ticket_id).where(TicketEvent.id > mark).distinct()
        statement = select(Ticket.id).where(Ticket.id.in_(recent), Ticket.id > last)
    else:
        statement = select(Ticket.id).where(Ticket.id > last)
    return list(session.scalars(statement.order_by(Ticket.id).limit(_BATCH)))


def _docs(session: Session, numbers: list[int]) -> list[Doc]:
    replies = _last_replies(session, numbers)
    merged = _merged(session, numbers)
    statement = (
        select(Ticket.id, Ticket.subject, Ticket.body, Ticket.state, Service.name)
        .outerjoin(Service, Service.id == Ticket.service_id)
        .where(Ticket.id.in_(numbers))
    )
    return [
        Doc(
            kind=TICKET,
            ref=ref(number),
            title=subject,
            body=f"{body[:_TEXT_LIMIT]}\n{replies.get(number, '')[:_TEXT_LIMIT]}".strip(),
            service=service or "",
            status=HIDDEN if number in merged else State(state).value,
        )
        for number, subject, body, state, service in session.execute(statement)
    ]


def _last_replies(session: Session, numbers: list[int]) -> dict[int, str]:
    last = (
        select(func.max(TicketEvent.id))
        .where(TicketEvent.ticket_id.in_(numbers), TicketEvent.type == "replied")
        .group_by(TicketEvent.ticket_id)
    )
    statement = select(TicketEvent.ticket_id, TicketEvent.text).where(TicketEvent.id.in_(last))
    return {row.ticket_id: row.text for row in session.execute(statement)}


def _merged(session: Session, numbers: list[int]) -> set[int]:
    """Return those that are duplicates of another: that one is to be found instead."""
    statement = select(TicketLink.ticket_id).where(
        TicketLink.ticket_id.in_(numbers), TicketLink.kind == LinkKind.DUPLICATE
    )
    return set(session.scalars(statement))
