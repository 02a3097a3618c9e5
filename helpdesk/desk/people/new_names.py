"""Names that a form would add to the desk, so that none is added by a slip."""

from dataclasses import dataclass

from rapidfuzz import fuzz, process
from sqlalchemy.orm import Session

from helpdesk.desk.people.requesters import address_of
from helpdesk.desk.session import Desk
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.store.people import people, persons

#: From this likeness on (0 to 100) a known name is offered instead, or taken for what was meant.
_LIKE, _SLIP = 60.0, 85.0
_MOST_OFFERED, _MOST_COMPARED = 4, 200


@dataclass(frozen=True, slots=True)
class NewName:
    """A name that the desk does not know.

    :ivar noun: what it would be: ``service``, ``customer`` or ``requester``.
    :ivar alike: known names like it, the likest first.
    """

    noun: str
    name: str
    alike: tuple[str, ...]


def new_names(
    desk: Desk, service: str = "", customer: str = "", requester: str = ""
) -> tuple[NewName, ...]:
    """Return which of these names the desk does not know; "" stands for no name.

    New requesters call every day, so that one counts only if its address looks like a slip.
    """
    desk.require(Right.READ)
    found = []
    with desk.database.read() as session:
        if service.strip() and people.service(session, service) is None:
            names = [row.name for row in people.services(session)]
            found.append(NewName(_("service"), service.strip(), _like(service, names, _LIKE)))
        if customer.strip() and people.customer(session, customer) is None:
            names = people.customer_names(session)
            found.append(NewName(_("customer"), customer.strip(), _like(customer, names, _LIKE)))
        mail = address_of(requester).strip().lower()
        if "@" in mail and persons.by_mail(session, mail) is None:
            alike = _addresses_like(session, mail)
            found += [NewName(_("requester"), mail, alike)] if alike else []
    return tuple(found)


def _like(name: str, known: list[str], at_least: float) -> tuple[str, ...]:
    """Return the known names like a name, the likest first."""
    rated = process.extract(
        name.strip().casefold(),
        {one: one.casefold() for one in known},
        scorer=fuzz.WRatio,
        score_cutoff=at_least,
        limit=_MOST_OFFERED,
    )
    return tuple(key for _text, _score, key in rated)


def _addresses_like(session: Session, mail: str) -> tuple[str, ...]:
    """Return known addresses of which an unknown one may be a slip."""
    person, _at, domain = mail.partition("@")
    starts = {person, person[:3]} - {""}
    known = {
        row.mail
        for start in sorted(starts)
        for row in persons.find(session, start, _MOST_COMPARED)
        if row.mail is not None
    }
    slips = {row.mail for row in persons.near_addresses(session, mail) if row.mail is not None}
    alike = [
        other
        for other in sorted(known | slips)
        if other in slips
        or (
            other.partition("@")[2] == domain
            and fuzz.ratio(other.partition("@")[0], person) >= _SLIP
        )
        or (
            other.partition("@")[0] == person
            and fuzz.ratio(other.partition("@")[2], domain) >= _SLIP
        )
    ]
    return tuple(alike[:_MOST_OFFERED])
