"""Look up people with their tickets, and customers with the notes on them."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import meant_by, person_view
from helpdesk.desk.people.views import CustomerView, PersonCard, PersonTicket, PersonView
from helpdesk.desk.seen_version import CurrentVersion, require_seen
from helpdesk.desk.session import Desk
from helpdesk.domain import person
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.store.database import visibility
from helpdesk.store.models import Customer, Requester
from helpdesk.store.people import people, person_tickets, persons

#: How many people are read in one transaction.
_CHUNK = 500
#: How many tickets of a person are listed, unless it is said.
_TICKETS = 8


def card(desk: Desk, who: str, tickets: int = _TICKETS) -> PersonCard | None:
    """Return the one person whom a text names, with their tickets; None: nobody, or several.

    :param who: what names them; see :func:`helpdesk.desk.people.requesters.meant_by`.
    :param tickets: how many tickets are listed.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        found = meant_by(session, who) if who.strip() else []
        return card_of(session, found[0], tickets) if len(found) == 1 else None


def everybody(desk: Desk) -> Iterator[PersonView]:
    """Yield all people by number, but those of confidential customers."""
    desk.require(Right.READ)
    after = 0
    while True:
        with desk.database.read() as session:
            views = [person_view(session, row) for row in persons.page(session, after, _CHUNK)]
        yield from views
        if not views:
            return
        after = views[-1].number


def card_of(session: Session, row: Requester, tickets: int = _TICKETS) -> PersonCard:
    """Return a person with their tickets, within a transaction."""
    joined = [one.id for one in persons.records(session, row.id)]
    found, active, past = person_tickets.tickets_of(session, [row.id, *joined], tickets)
    return PersonCard(
        person=person_view(session, row),
        tickets=tuple(
            PersonTicket(
                one.id, ref(one.id), one.subject, one.state, one.resolved_at or one.created_at
            )
            for one in found
        ),
        open=active,
        past=past,
        joined=tuple(map(person.person_ref, joined)),
    )


def customers(desk: Desk) -> tuple[CustomerView, ...]:
    """Return all customers by name, but those that are confidential to others."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(_customer_view(session, one) for one in people.every_customer(session))


def set_customer_note(desk: Desk, name: str, note: str, version: int | None = None) -> CustomerView:
    """Set the note on a customer; "" removes it.

    :param version: the version that the agent has seen; None: any.
    :raises NotFoundError: if there is no such customer.
    :raises ConflictError: if somebody has changed the note since that version.
    """
    desk.require(Right.WORK)
    with desk.database.write() as session:
        row = people.customer(session, name)
        if row is None or visibility.is_hidden_customer(session, row.id):
            raise NotFoundError(
                _("there is no customer {name!r}: 'helpdesk customer list' shows them.").format(
                    name=one_line(name)[:60]
                )
            )
        what = f"the customer {one_line(row.name)[:60]}"
        look = "helpdesk customer list"
        require_seen(
            version, CurrentVersion(what, row.version, row.changed_by, row.changed_at, look)
        )
        row.note = person.accept_note(note)
        row.version += 1
        row.changed_at, row.changed_by = desk.now(), desk.login
        session.flush()
        desk.database.announce(session)
        return _customer_view(session, row)


def _customer_view(session: Session, row: Customer) -> CustomerView:
    return CustomerView(row.name, row.note, people.domains_of(session, row.id), row.version)
