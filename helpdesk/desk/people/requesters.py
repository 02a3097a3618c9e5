"""Find requesters, customers and services by the names that people type."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.session import Desk
from helpdesk.domain import person, person_search
from helpdesk.domain.errors import RefusedError, UnknownPersonError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store.database import visibility
from helpdesk.store.models import Customer, Requester, Service
from helpdesk.store.people import people, persons

_NAME_LIMIT = 100


def requesters(desk: Desk, text: str, limit: int = 8) -> tuple[PersonView, ...]:
    """Return known people by words of their name, their mail address or telephone number.

    :param text: what is typed; how a name, an address or one of the numbers begins is enough.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(person_view(session, one) for one in persons.find(session, text, limit))


def services(desk: Desk) -> tuple[str, ...]:
    """Return the names of the desk's services."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(service.name for service in people.services(session))


def person_view(session: Session, row: Requester) -> PersonView:
    """Return a person as screens and commands show them."""
    customer = persons.customer_of(session, row)
    return PersonView(
        mail=row.mail or "",
        name=row.name,
        customer=customer.name if customer else "",
        number=row.id,
        phone=row.phone,
        room=row.room,
        device=row.device,
        language=row.language,
        vip=row.vip,
        note=row.note,
        customer_note=customer.note if customer else "",
        further_mails=tuple(one.mail for one in persons.records(session, row.id) if one.mail),
        version=row.version,
        customer_version=customer.version if customer else 0,
    )


def meant_by(session: Session, text: str) -> list[Requester]:
    """Return the people whom a text names exactly; several have the same name or number.

    :param text: a mail address, with or without a name, a whole name, a telephone number, or a
        reference such as "P-12".
    """
    address = person.read_address(text)
    if address is not None:
        known = persons.by_mail(session, address[0])
        return [known] if known else []
    number = person.parse_person_ref(text)
    if number is not None:
        found = persons.by_number(session, number)
        is_hidden = found is None or visibility.is_hidden_customer(session, found.customer_id)
        return [] if is_hidden or found is None else [found]
    if person_search.is_phone_number(text):
        return persons.with_number(session, text)
    return persons.named(session, text)


def find_requester(session: Session, text: str, *, new: bool | None = None) -> Requester:
    """Return the person whom a text names; a new one is added.

    A new address is a new person.  A whole name that is nobody's is one too, unless somebody is
    called nearly so, who may be meant.

    :param text: see :func:`meant_by`.
    :param new: True: all who are not known are new; False: nobody is added for a mere name, and
        for an address only if nobody has nearly the same.
    :raises UnknownPersonError: if nobody is meant by it and nobody is to be added, or if several
        people may be.
    :raises RefusedError: if it is neither a mail address nor a name.
    """
    found = meant_by(session, text)
    if len(found) == 1:
        return found[0]
    address = person.read_address(text)
    if address is not None:
        mail, name = address
        if new is False:
            _require_no_slip(session, mail)
        return add_person(session, (name or mail.partition("@")[0])[: person.NAME_LIMIT], mail)
    shown = one_line(text)[:60]
    if found:
        raise UnknownPersonError(
            _("{text!r} can be {people}: write the number of the one who is meant.").format(
                text=shown, people=_in_words(found)
            ),
            text,
        )
    if person_search.is_phone_number(text) or person.parse_person_ref(text) is not None:
        raise UnknownPersonError(
            _(
                "nobody is known by {text!r}: name them, or add them with 'helpdesk people add'."
            ).format(text=shown),
            text,
        )
    if set(text) & set("@<>"):
        person.accept_address(text)
    name = person.accept_person_name(text)
    if not new:
        _require_new(session, name, may_add=new is None)
    return add_person(session, name, None)


def _require_new(session: Session, name: str, *, may_add: bool) -> None:
    """Refuse to add a person who may be one that is known already."""
    shown = one_line(name)[:60]
    hint = _("add a new person (--new-person)") if may_add else _("add a new person")
    near = persons.alike(session, name)
    if near:
        raise UnknownPersonError(
            _(
                "nobody is called {text!r}; {people} may be meant: write the number of the one who "
                "is, or {hint}."
            ).format(text=shown, people=_in_words(near), hint=hint),
            name,
        )
    if not may_add and " " in name:
        sentence = _("nobody is called {text!r}: {hint}.").format(text=shown, hint=hint)
        raise UnknownPersonError(sentence, name)
    if " " not in name:
        raise UnknownPersonError(
            _(
                "{text!r} is not a mail address, and nobody is called so: write the whole name, or "
                "{hint}."
            ).format(text=shown, hint=hint),
            name,
        )


def _require_no_slip(session: Session, mail: str) -> None:
    """Refuse to add a person whose address may be a slip of another one."""
    near = persons.near_addresses(session, mail)
    if near:
        raise UnknownPersonError(
            _("{mail} is nobody's address; {people} may be meant.").format(
                mail=one_line(mail)[:60], people=_in_words(near)
            ),
            mail,
        )


def add_person(session: Session, name: str, mail: str | None) -> Requester:
    """Add a person; an address says to which customer they belong."""
    customer = people.customer_of_mail(session, mail) if mail else None
    added = Requester(mail=mail, name=name, customer_id=customer.id if customer else None)
    session.add(added)
    session.flush()
    return added


def _in_words(found: Iterable[Requester]) -> str:
    return person.in_words(
        f"{one_line(one.name)[:40]} ({person.person_ref(one.id)}"
        f"{f', {one_line(one.mail)[:40]}' if one.mail else ''})"
        for one in found
    )


def address_of(text: str) -> str:
    """Return the mail address in the text, or the text itself if it holds none (yet)."""
    found = person.read_address(text)
    return found[0] if found else text


def named_as(row: Requester | None) -> str:
    """Return how an entry of a timeline names a person: by the address, else by the name."""
    return "" if row is None else row.mail or row.name


def find_customer(session: Session, name: str) -> Customer:
    """Return the customer with that name; a new one is added.

    :raises RefusedError: if the name of a new one is empty, too long or not printable.
    """
    known = people.customer(session, name)
    if known is None:
        known = Customer(name=_accept_name(name, "customer"))
        session.add(known)
        session.flush()
    return known


def find_service(session: Session, name: str) -> Service:
    """Return the service with that name; a new one is added.

    :raises RefusedError: if the name of a new one is empty, too long or not printable.
    """
    known = people.service(session, name)
    if known is None:
        known = Service(name=_accept_name(name, "service"), keywords="")
        session.add(known)
        session.flush()
    return known


def _accept_name(text: str, noun: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > _NAME_LIMIT or one_line(name) != name:
        raise RefusedError(
            f"{one_line(text)[:60]!r} is no name for a {noun}: "
            f"use 1 to {_NAME_LIMIT} printable characters."
        )
    return name
