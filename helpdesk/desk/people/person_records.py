"""Add, change and join the records of people who send queries."""

from dataclasses import dataclass, fields

from sqlalchemy.orm import Session

from helpdesk.desk.people.confidential_people import require_may_name
from helpdesk.desk.people.person_lookup import card_of
from helpdesk.desk.people.requesters import add_person, find_customer, meant_by, person_view
from helpdesk.desk.people.views import PersonCard, PersonView
from helpdesk.desk.seen_version import CurrentVersion, require_seen
from helpdesk.desk.session import Desk
from helpdesk.domain import person
from helpdesk.domain.errors import RefusedError, UnknownPersonError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store.database import visibility
from helpdesk.store.models import Requester
from helpdesk.store.people import people, person_tickets, persons

#: The texts of a record that can be joined and erased.
TEXTS = (*person.LINES, "language", "note")
_LOOK = "helpdesk people show"


@dataclass(frozen=True, slots=True)
class PersonValues:
    """The values to give to a person's record; None leaves a value as it is.

    :ivar customer: the name of their customer.
    """

    name: str | None = None
    mail: str | None = None
    phone: str | None = None
    room: str | None = None
    device: str | None = None
    language: str | None = None
    vip: bool | None = None
    note: str | None = None
    customer: str | None = None


def add(desk: Desk, name: str, values: PersonValues | None = None) -> PersonView:
    """Add a person; several may have the same name.

    :raises RefusedError: if the name or another value is not valid, or the address is somebody's.
    """
    desk.require(Right.WORK)
    given = values or PersonValues()
    with desk.database.write() as session:
        mail = person.accept_address(given.mail or "")
        _require_free(session, mail, None)
        row = add_person(session, person.accept_person_name(name), mail or None)
        _set(session, row, given)
        require_may_name(session, row)
        row.changed_at, row.changed_by = desk.now(), desk.login
        session.flush()
        return person_view(session, row)


def change(desk: Desk, who: str, wanted: PersonValues, version: int | None = None) -> PersonView:
    """Change the record of a person.

    :param who: what names them; see :func:`helpdesk.desk.people.requesters.meant_by`.
    :param version: the version that the agent has seen; None: any.
    :raises UnknownPersonError: if nobody is meant by it, or several people are.
    :raises ConflictError: if somebody has changed the record since that version.
    :raises RefusedError: if nothing is to change, or a value is not valid.
    """
    desk.require(Right.WORK)
    if wanted == PersonValues():
        raise RefusedError(_("nothing was named to change: name --phone, --note or another value."))
    with desk.database.write() as session:
        row = one_person(session, who)
        what = person.person_ref(row.id)
        require_seen(
            version,
            CurrentVersion(what, row.version, row.changed_by, row.changed_at, f"{_LOOK} {what}"),
        )
        if wanted.name is not None:
            row.name = person.accept_person_name(wanted.name)
        if wanted.mail is not None:
            _set_address(session, row, person.accept_address(wanted.mail))
        _set(session, row, wanted)
        require_may_name(session, row)
        count_change(row, desk)
        desk.database.announce(session)
        return person_view(session, row)


def join(desk: Desk, who: str, into: str) -> PersonCard:
    """Join two records of one person: the second one stays, and the tickets move to it.

    What the second one lacks is taken from the first; what differs is kept in the note.  The first
    one stays as a record that stands for the second, so that its address goes on being known.

    :param who: what names the first record, and ``into`` the second one.
    :raises UnknownPersonError: if nobody is meant by a text, or several people are.
    :raises RefusedError: if both are the same, or belong to customers one of which is confidential.
    """
    desk.require(Right.WORK)
    with desk.database.write() as session:
        row, kept = one_person(session, who), one_person(session, into)
        if row.id == kept.id:
            raise RefusedError(
                _("{who!r} and {into!r} are one record already: nothing was joined.").format(
                    who=one_line(who)[:60], into=one_line(into)[:60]
                )
            )
        _require_joinable(session, row, kept)
        values = person.joined_values(_texts(kept), _texts(row))
        for name, value in values.items():
            if name != "name":
                setattr(kept, name, value)
        kept.vip = kept.vip or row.vip
        kept.customer_id = kept.customer_id or row.customer_id
        row.joined_to_id = kept.id
        for one in persons.records(session, row.id):
            one.joined_to_id = kept.id
        if kept.mail is None and row.mail is not None:
            mail, row.mail = row.mail, None
            session.flush()  # no two records have the same address
            kept.mail = mail
        person_tickets.move_tickets(session, row.id, kept.id)
        count_change(row, desk)
        count_change(kept, desk)
        desk.database.announce(session)
        return card_of(session, kept)


def one_person(session: Session, who: str) -> Requester:
    """Return the one person whom a text names."""
    found = meant_by(session, who)
    if len(found) == 1 and not visibility.is_hidden_customer(session, found[0].customer_id):
        return found[0]
    shown = one_line(who)[:60]
    if len(found) > 1:
        refs = person.in_words(person.person_ref(one.id) for one in found)
        raise UnknownPersonError(
            _("{who!r} can be {people}: write the number of the one who is meant.").format(
                who=shown, people=refs
            ),
            who,
        )
    raise UnknownPersonError(
        _("nobody is known by {who!r}: 'helpdesk people find' looks for people.").format(who=shown),
        who,
    )


def _set(session: Session, row: Requester, given: PersonValues) -> None:
    for name in person.LINES:
        value = getattr(given, name)
        if value is not None:
            setattr(row, name, person.accept_line(value, name))
    if given.language is not None:
        row.language = person.accept_language(given.language)
    if given.note is not None:
        row.note = person.accept_note(given.note)
    if given.vip is not None:
        row.vip = given.vip
    if given.customer is not None:
        named = given.customer.strip()
        row.customer_id = find_customer(session, named).id if named else None
    session.flush()


def _set_address(session: Session, row: Requester, mail: str) -> None:
    own = next((one for one in persons.records(session, row.id) if mail and one.mail == mail), None)
    _require_free(session, mail, row)
    before, row.mail = row.mail, None
    if own is not None:  # the address of a joined record becomes the person's own one
        own.mail = None
        session.flush()
        own.mail = before
    session.flush()
    row.mail = mail or None
    if row.customer_id is None and mail:
        customer = people.customer_of_mail(session, mail)
        row.customer_id = customer.id if customer else None


def _require_free(session: Session, mail: str, row: Requester | None) -> None:
    known = persons.by_mail(session, mail) if mail else None
    if known is None or (row is not None and known.id == row.id):
        return
    require_may_name(session, known)
    raise RefusedError(
        _("{mail} is the address of {name} ({ref}) already: nothing was saved.").format(
            mail=one_line(mail)[:80],
            name=one_line(known.name)[:60],
            ref=person.person_ref(known.id),
        )
    )


def _require_joinable(session: Session, row: Requester, kept: Requester) -> None:
    numbers = {row.customer_id, kept.customer_id} - {None}
    if len(numbers) > 1 and any(visibility.confidants(session, number) for number in numbers):
        raise RefusedError(
            _(
                "{row} and {kept} belong to different customers, and one of these is confidential: "
                "nothing was joined."
            ).format(row=person.person_ref(row.id), kept=person.person_ref(kept.id))
        )


def _texts(row: Requester) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("name", *TEXTS)}


def count_change(row: Requester, desk: Desk) -> None:
    """Count a change of a record by the acting agent."""
    row.version += 1
    row.changed_at, row.changed_by = desk.now(), desk.login


def given_person_values(source: object) -> PersonValues:
    """Return the values that an object has as attributes; those that it lacks are not given."""
    names = [field.name for field in fields(PersonValues)]
    return PersonValues(**{name: getattr(source, name, None) for name in names})
