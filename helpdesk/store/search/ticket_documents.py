"""Turn tickets into documents of the search index."""

from collections.abc import Iterator, Sequence

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.ticket import State, parse_ref, ref
from helpdesk.store.database.database import Database
from helpdesk.store.models import Service, Ticket, TicketArticle, TicketEvent
from helpdesk.store.search.documents import HIDDEN, TICKET, Doc
from helpdesk.store.ticket import relations

_BATCH = 2_000
#: How many characters of a ticket's details, and of its last reply, are indexed.
_TEXT_LIMIT = 4_000

# Built once, as they are executed for every query that is logged.
_NUMBERS: BindParameter[list[int]] = bindparam("numbers", expanding=True)
_CHANGED = select(TicketEvent.ticket_id).where(TicketEvent.id > bindparam("mark"))
_TICKETS = (
    select(
        Ticket.id, Ticket.subject, Ticket.body, Ticket.state, Ticket.updated_at,
        Ticket.version, Service.name,
    )
    .outerjoin(Service, Service.id == Ticket.service_id)
    .where(Ticket.id.in_(_NUMBERS))
    .order_by(Ticket.id)
)  # fmt: skip
_ANSWERS = select(TicketArticle.ticket_id, TicketArticle.path).where(
    TicketArticle.ticket_id.in_(_NUMBERS)
)
_REPLIES = select(TicketEvent.ticket_id, TicketEvent.text).where(
    TicketEvent.id.in_(
        select(func.max(TicketEvent.id))
        .where(TicketEvent.ticket_id.in_(_NUMBERS), TicketEvent.type == EntryType.REPLIED)
        .group_by(TicketEvent.ticket_id)
    )
)


class TicketDocs:
    """Reads the tickets of a desk as documents of the search index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def latest(self) -> int:
        """Return the number of the newest timeline entry."""
        with self._database.read(as_desk=True) as session:
            return session.scalar(select(func.max(TicketEvent.id))) or 0

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
    replies = _last_replies(session, numbers)
    # Duplicates are hidden: the ticket of which they are duplicates is found instead.
    duplicates = relations.followed_by_each(session, numbers)
    answered_by = _answered_by(session, numbers)
    rows = session.execute(_TICKETS, {"numbers": numbers})
    return [
        Doc(
            kind=TICKET,
            ref=ref(number),
            title=subject,
            body=f"{body[:_TEXT_LIMIT]}\n{replies.get(number, '')[:_TEXT_LIMIT]}".strip(),
            service=service or "",
            status=HIDDEN if number in duplicates else State(state).value,
            day=updated_at.toordinal(),
            answered_by=tuple(answered_by.get(number, ())),
            stamp=str(version),
        )
        for number, subject, body, state, updated_at, version, service in rows
    ]


def _answered_by(session: Session, numbers: list[int]) -> dict[int, list[str]]:
    """Return the paths of the articles that answered each ticket."""
    found: dict[int, list[str]] = {}
    for number, path in session.execute(_ANSWERS, {"numbers": numbers}):
        found.setdefault(number, []).append(path)
    return found


def _last_replies(session: Session, numbers: list[int]) -> dict[int, str]:
    return dict(session.execute(_REPLIES, {"numbers": numbers}).all())
