"""Check the records of people: addresses, joins, and the words by which they are found."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.domain.i18n import _
from helpdesk.domain.person import person_ref
from helpdesk.domain.person_search import search_text
from helpdesk.store.models import Requester

_CHUNK = 2_000


def count(session: Session) -> int:
    """Return the number of records, with those that were joined to another one."""
    return session.scalar(select(func.count()).select_from(Requester)) or 0


def faults(session: Session) -> Iterator[str]:
    """Yield a sentence part for each record that breaks a rule, by number."""
    joins: dict[int, int] = {}
    owners: dict[str, int] = {}
    statement = select(
        Requester.id,
        Requester.mail,
        Requester.name,
        Requester.phone,
        Requester.joined_to_id,
        Requester.search_text,
    ).order_by(Requester.id)
    for row in session.execute(statement, execution_options={"yield_per": _CHUNK}):
        ref = person_ref(row.id)
        if row.joined_to_id is not None:
            joins[row.id] = row.joined_to_id
        if row.mail is not None:
            mail = row.mail.strip().lower()
            if not mail:
                yield _("{ref} has an empty address").format(ref=ref)
            elif mail != row.mail:
                yield _("the address of {ref} is not in lower case").format(ref=ref)
            other = owners.setdefault(mail, row.id)
            if other != row.id and mail:
                yield _("{ref} has the address of {other}").format(ref=ref, other=person_ref(other))
        if row.search_text != search_text(row.name, row.mail, row.phone):
            yield _("{ref} is not found by name, address and telephone number").format(ref=ref)
    yield from _faults_of_joins(session, joins)


def _faults_of_joins(session: Session, joins: dict[int, int]) -> Iterator[str]:
    targets = sorted(set(joins.values()))
    known: set[int] = set()
    for start in range(0, len(targets), _CHUNK):
        some = targets[start : start + _CHUNK]
        known.update(session.scalars(select(Requester.id).where(Requester.id.in_(some))))
    for number, to in joins.items():
        ref, other = person_ref(number), person_ref(to)
        if to not in known:
            yield _("{ref} is joined to {other}, which is not there").format(ref=ref, other=other)
        elif _is_in_ring(number, joins):
            yield _("{ref} is joined to {other}, and in the end to itself").format(
                ref=ref, other=other
            )
        elif to in joins:
            yield _("{ref} is joined to {other}, which is joined itself").format(
                ref=ref, other=other
            )


def _is_in_ring(number: int, joins: dict[int, int]) -> bool:
    seen: set[int] = set()
    one: int | None = number
    while one is not None and one not in seen:
        seen.add(one)
        one = joins.get(one)
    return one is not None
