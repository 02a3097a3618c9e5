"""Find requesters, customers and services by the names that people type."""

import re

from sqlalchemy.orm import Session

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.text import one_line
from helpdesk.store.models import Customer, Requester, Service
from helpdesk.store.people import people

_ADDRESS = r'[^\s@<>,;"]{1,64}@[^\s@<>,;"]{1,255}'
_PERSON = re.compile(rf"(?P<name>[^@<>]*)<\s*(?P<boxed>{_ADDRESS})\s*>|(?P<bare>{_ADDRESS})")
_NAME_LIMIT = 100


def requesters(desk: Desk, text: str, limit: int = 8) -> tuple[PersonView, ...]:
    """Return known requesters whose mail address or name begins with the text."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(
            PersonView(person.mail, person.name, customer or "")
            for person, customer in people.requesters_like(session, text, limit)
        )


def services(desk: Desk) -> tuple[str, ...]:
    """Return the names of the desk's services."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(service.name for service in people.services(session))


def find_requester(session: Session, text: str) -> Requester:
    """Return the requester with that mail address; a new one is added.

    :param text: a mail address, or a name with one: "Mara Ortiz <m.ortiz@contoso.example>".
    :raises RefusedError: if the text does not hold exactly one mail address.
    """
    mail_and_name = _read_person(text)
    if mail_and_name is None:
        raise RefusedError(
            f"{one_line(text)[:60]!r} is not a mail address of a requester; "
            "write it like m.ortiz@contoso.example."
        )
    mail, name = mail_and_name
    known = people.requester(session, mail)
    if known is not None:
        return known
    name = name or mail.partition("@")[0]
    customer = people.customer_of_mail(session, mail)
    person = Requester(mail=mail, name=name[:200], customer_id=customer.id if customer else None)
    session.add(person)
    session.flush()
    return person


def address_of(text: str) -> str:
    """Return the mail address in the text, or the text itself if it holds none (yet)."""
    person = _read_person(text)
    return person[0] if person else text


def _read_person(text: str) -> tuple[str, str] | None:
    """Return the mail address in lower case and the name in a text; None: no mail address."""
    found = _PERSON.fullmatch(text.strip())
    if found is None:
        return None
    mail = found["boxed"] or found["bare"]
    if one_line(mail) != mail:  # The address holds control characters.
        return None
    return mail.lower(), one_line(found["name"] or "").strip("\"' ")


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
