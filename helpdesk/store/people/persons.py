"""Queries about the people who send queries: find them, their records and their tickets.

A record that was joined to another one of the same person stays, and stands for that one.
"""

from collections.abc import Collection, Iterator, Mapping

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session

from helpdesk.domain.person import parse_person_ref
from helpdesk.domain.person_search import (
    are_alike,
    fits_number,
    folded_name,
    is_phone_number,
    is_same_number,
    phone_numbers,
    search_terms,
)
from helpdesk.domain.text import storable
from helpdesk.store.database import visibility
from helpdesk.store.models import Customer, CustomerDomain, Requester

#: How many people that fit are looked through to choose the best of them.
_CANDIDATES = 200
#: How many values stand in one query.
_AT_ONCE = 500


def current(session: Session, row: Requester | None) -> Requester | None:
    """Return the record that stands for a person now: the one that theirs was joined to."""
    seen = set()  # in a damaged database, joins can form a ring
    while row is not None and row.joined_to_id is not None and row.id not in seen:
        seen.add(row.id)
        row = session.get(Requester, row.joined_to_id)
    return row


def by_number(session: Session, number: int) -> Requester | None:
    """Return the person of a record's number, or None."""
    return current(session, session.get(Requester, number))


def by_mail(session: Session, mail: str) -> Requester | None:
    """Return the person with that mail address, in any case, or None."""
    return current(session, with_mail(session, mail))


def with_mail(session: Session, mail: str) -> Requester | None:
    """Return the record with that address, also if it was joined to another one, or None."""
    address = storable(mail.strip().lower())
    return session.scalar(select(Requester).where(Requester.mail == address))


def by_mails(session: Session, mails: Collection[str]) -> dict[str, Requester]:
    """Return the people with these mail addresses, by address in lower case."""
    found = {}
    addresses = [storable(mail) for mail in mails]
    for some in _batched(addresses, _AT_ONCE):
        for row in session.scalars(select(Requester).where(Requester.mail.in_(some))):
            one = current(session, row)
            if one is not None and row.mail:
                found[row.mail] = one
    return found


def add_with_mails(session: Session, named: Mapping[str, str]) -> dict[str, Requester]:
    """Add people; their addresses say to which customers they belong.

    :param named: their names by mail address in lower case; nobody has one of these addresses.
    """
    domains = sorted({storable(mail.rpartition("@")[2]) for mail in named})
    owners: dict[str, int] = {}
    for some in _batched(domains, _AT_ONCE):
        statement = select(CustomerDomain.domain, CustomerDomain.customer_id)
        owners.update(
            {row.domain: row.customer_id
             for row in session.execute(statement.where(CustomerDomain.domain.in_(some)))}
        )  # fmt: skip
    added = {
        mail: Requester(mail=mail, name=name, customer_id=owners.get(mail.rpartition("@")[2]))
        for mail, name in named.items()
    }
    session.add_all(added.values())
    session.flush()
    return added


def record(session: Session, text: str) -> Requester | None:
    """Return the record with that reference or address, also if it was joined, or None."""
    number = parse_person_ref(text)
    return with_mail(session, text) if number is None else session.get(Requester, number)


def records(session: Session, number: int) -> list[Requester]:
    """Return the records that were joined to that of a person, by number, without it."""
    statement = select(Requester).where(Requester.joined_to_id == number)
    return list(session.scalars(statement.order_by(Requester.id)))


def matching(text: str) -> ColumnElement[bool]:
    """Return the condition for people who are found for a text.

    :param text: see :func:`helpdesk.domain.person_search.search_terms`.
    """
    number = parse_person_ref(text)
    terms = search_terms(storable(text))
    found: ColumnElement[bool] = false()
    if terms:
        found = and_(
            *(
                or_(
                    *(
                        Requester.search_text.contains(
                            f" {one}" if term.begins else one, autoescape=True
                        )
                        for one in term.texts
                    )
                )
                for term in terms
            )
        )
    return found if number is None else or_(Requester.id == number, found)


def find(session: Session, text: str, limit: int) -> list[Requester]:
    """Return the people who are found for a text, the best first.

    Those of confidential customers are left out, unless the acting agent may see them.
    """
    found = {one.id: one for _, one in _found(session, text)}
    wanted = folded_name(text)
    best = sorted(
        found.values(),
        key=lambda one: (
            folded_name(one.name) != wanted,
            not (one.mail or "").startswith(wanted),
        ),
    )
    return best[:limit]


def _found(session: Session, text: str) -> Iterator[tuple[Requester, Requester]]:
    """Yield the records that are found for a text, each with the person for whom it stands."""
    is_number = is_phone_number(text)
    statement = (
        select(Requester).where(matching(text)).order_by(Requester.name, Requester.id)
    ).limit(_CANDIDATES)
    for row in session.scalars(statement).all():
        if is_number and not fits_number(text, row.phone):
            continue
        one = current(session, row)
        if one is not None and not visibility.is_hidden_customer(session, one.customer_id):
            yield row, one


def named(session: Session, name: str) -> list[Requester]:
    """Return the people whose whole name this is, in any case and with or without accents."""
    wanted = folded_name(name)
    found = {one.id: one for row, one in _found(session, name) if folded_name(row.name) == wanted}
    return list(found.values())


def with_number(session: Session, number: str) -> list[Requester]:
    """Return the people who have this telephone number."""
    digits = phone_numbers(number) or ("",)
    found = {
        one.id: one
        for row, one in _found(session, number)
        if any(is_same_number(digits[0], known) for known in phone_numbers(row.phone))
    }
    return list(found.values())


def alike(session: Session, name: str) -> list[Requester]:
    """Return the people whose name begins or ends as this one and may be meant by it."""
    words = [word for word in name.split() if len(word) > 1]
    if not words:
        return []
    near = select(Requester).where(or_(*(matching(word[:3]) for word in words)))
    rows = session.scalars(near.order_by(Requester.name, Requester.id).limit(_CANDIDATES))
    found = [one for row in rows if (one := current(session, row)) is not None]
    found = [one for one in found if are_alike(one.name, name)]
    every = {one.id: one for one in (*find(session, name, _CANDIDATES), *found)}
    return [
        one for one in every.values() if not visibility.is_hidden_customer(session, one.customer_id)
    ]


def near_addresses(session: Session, mail: str) -> list[Requester]:
    """Return people whose address differs in one letter from this one, in the same domain."""
    local, _, domain = storable(mail).rpartition("@")
    statement = select(Requester).where(
        Requester.mail.startswith(local[:2], autoescape=True),
        Requester.mail.endswith(f"@{domain}", autoescape=True),
    )
    rows = session.scalars(statement.order_by(Requester.mail).limit(_CANDIDATES))
    found = [current(session, row) for row in rows if row.mail and are_alike(row.mail, mail)]
    return [
        one
        for one in found
        if one is not None and not visibility.is_hidden_customer(session, one.customer_id)
    ]


def page(session: Session, after: int, limit: int) -> list[Requester]:
    """Return the next people by number, after that number."""
    statement = select(Requester).where(Requester.id > after, Requester.joined_to_id.is_(None))
    return list(session.scalars(statement.order_by(Requester.id).limit(limit)))


def customer_of(session: Session, row: Requester) -> Customer | None:
    """Return the customer of a person, or None."""
    return session.get(Customer, row.customer_id or 0)


def _batched(texts: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(texts), size):
        yield texts[start : start + size]
