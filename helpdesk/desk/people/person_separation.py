"""Take back the join of two records of people: they were not the same person after all."""

from sqlalchemy.orm import Session

from helpdesk.desk.people.person_lookup import card_of
from helpdesk.desk.people.person_records import count_change
from helpdesk.desk.people.views import PersonCard
from helpdesk.desk.session import Desk
from helpdesk.domain import person
from helpdesk.domain.errors import RefusedError, UnknownPersonError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store.database import visibility
from helpdesk.store.models import Requester, Ticket
from helpdesk.store.people import joins, person_tickets, persons
from helpdesk.store.people.joins import JoinChanges
from helpdesk.store.ticket import relations


def separate(desk: Desk, who: str) -> PersonCard:
    """Make a record that was joined to another one a record of its own again.

    The tickets that the join moved go back, but those that somebody has given to another person
    since.  The other record loses what it got from this one, where it still has it; a note too long
    to be kept beside the audit trail stays.  Tickets that the acting agent may not see stay.

    :param who: the reference of the joined record, or its address.
    :returns: the record that stands for itself again.
    :raises UnknownPersonError: if no record has this reference or address.
    :raises RefusedError: if the record was not joined to another one.
    """
    desk.require(Right.WORK)
    with desk.database.write() as session:
        row, kept = _joined_record(session, who)
        changes = joins.changes_of(session, row.id) or JoinChanges()
        row.joined_to_id = None
        session.flush()
        _put_back_values(session, row, kept, changes)
        person_tickets.give_back(session, kept.id, row.id, changes.tickets)
        _put_back_further(session, row, kept, changes)
        count_change(row, desk)
        count_change(kept, desk)
        session.flush()
        desk.database.announce(session)
        return card_of(session, row)


def _joined_record(session: Session, who: str) -> tuple[Requester, Requester]:
    """Return the record that a text names, and the one that stands for it."""
    row = persons.record(session, who)
    kept = persons.current(session, row)
    if (
        row is None
        or kept is None
        or visibility.is_hidden_customer(session, row.customer_id)
        or visibility.is_hidden_customer(session, kept.customer_id)
    ):
        raise UnknownPersonError(
            _("there is no record {who!r}: 'helpdesk people show' names those that joined.").format(
                who=one_line(who)[:60]
            ),
            who,
        )
    if row.id == kept.id:
        raise RefusedError(
            _("{ref} was not joined to another record: nothing was changed.").format(
                ref=person.person_ref(row.id)
            )
        )
    return row, kept


def _put_back_values(
    session: Session, row: Requester, kept: Requester, changes: JoinChanges
) -> None:
    """Put back what the join changed in records, unless somebody has changed it since."""
    own = changes.values.pop(row.id, {})
    for number, columns in changes.values.items():
        other = session.get(Requester, number)
        if other is None:
            continue
        for name, (before, after) in columns.items():
            if getattr(other, name) == after:
                setattr(other, name, before)
    session.flush()  # no two records have the same address
    mail = own.get("mail", (None, None))[0]
    if mail is None or row.mail is not None:
        return
    holder = persons.with_mail(session, mail)
    if holder is not None and kept.id in (holder.id, holder.joined_to_id):
        holder.mail = None
        session.flush()
        holder = None
    if holder is None:
        row.mail = mail


def _put_back_further(
    session: Session, row: Requester, kept: Requester, changes: JoinChanges
) -> None:
    for number, _person in changes.added:
        relations.remove_requester(session, number, kept.id)
    for one in changes.removed:
        to = row if one.person == row.id else persons.by_number(session, one.person)
        ticket = session.get(Ticket, one.ticket)
        if to is not None and ticket is not None and ticket.requester_id != to.id:
            relations.add_requester(session, ticket.id, to.id, one.via, one.at)
