"""Take what concerns hidden tickets out of the entries and notices that an agent reads.

This happens when a session that only reads loads a row, so that every use case shows the same.
"""

from itertools import chain
from typing import Any

from sqlalchemy import event, or_, select
from sqlalchemy.orm import QueryContext, Session
from sqlalchemy.orm.attributes import set_committed_value

from helpdesk.domain.person import FURTHER_REQUESTER
from helpdesk.domain.references import tickets_in, without_hidden
from helpdesk.store.database import visibility
from helpdesk.store.models import Customer, Notice, Requester, TicketEvent

#: The fields whose changes name a customer or a requester.
_NAMING = frozenset({"customer", "requester", FURTHER_REQUESTER})


def shown_data(session: Session, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of an entry or notice as the acting agent may see it."""
    hidden = visibility.hidden_customers(session)
    others = tickets_in(data)
    visible = visibility.visible_among(session, others) if others else set()
    if others - visible:
        data = without_hidden(data, visible)
    changes = data.get("changes")
    if isinstance(changes, list) and any(one.get("field") in _NAMING for one in changes):
        data = {**data, "changes": _without_names(session, changes, hidden)}
    return data


def _without_names(
    session: Session, changes: list[dict[str, Any]], hidden: frozenset[int]
) -> list[dict[str, Any]]:
    """Return changes of fields without the names of hidden customers and their requesters."""
    words = {one[end] for one in changes if one.get("field") in _NAMING for end in ("from", "to")}
    connection = session.connection()
    customers = select(Customer.name).where(Customer.id.in_(hidden), Customer.name.in_(words))
    people = select(Requester.mail, Requester.name).where(
        Requester.customer_id.in_(hidden),
        or_(Requester.mail.in_(words), Requester.name.in_(words)),
    )
    secret = {*connection.scalars(customers), *chain(*connection.execute(people))}
    return [
        {name: None if name in ("from", "to") and value in secret else value
         for name, value in one.items()}
        for one in changes
    ]  # fmt: skip


def begin() -> None:
    """Mask the rows that are loaded from now on, in every session of this process."""
    for class_ in (TicketEvent, Notice):
        if not event.contains(class_, "load", _loaded):
            event.listen(class_, "load", _loaded)


def _loaded(row: TicketEvent | Notice, context: QueryContext) -> None:
    if visibility.hides_rows(context.session):
        shown = shown_data(context.session, row.data)
        if shown is not row.data:
            set_committed_value(row, "data", shown)
