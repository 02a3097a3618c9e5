"""The orders of ticket lists: the columns to sort by, and which tickets come before a ticket."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Row, case, func, literal, select, tuple_

from helpdesk.store.models import Requester, Ticket

#: By name if there is one, as lists show it; tickets without a requester come last.
_REQUESTER = (
    select(func.lower(func.coalesce(func.nullif(Requester.name, ""), Requester.mail)))
    .where(Requester.id == Ticket.requester_id)
    .correlate(Ticket)
    .scalar_subquery()
)
_NO_REQUESTER = case((Ticket.requester_id.is_(None), 1), else_=0)

#: The columns of each order, without the ticket's number, which decides between equals.
_COLUMNS: Mapping[str, tuple[ColumnElement[Any], ...]] = {
    "due": (Ticket.due_rank.expression,),
    "created": (Ticket.created_at.expression,),
    "updated": (Ticket.updated_at.expression,),
    "priority": (Ticket.priority.expression, Ticket.due_rank.expression),
    "requester": (_NO_REQUESTER, func.coalesce(_REQUESTER, "")),
}


def columns(sort: str) -> tuple[ColumnElement[Any], ...]:
    """Return the columns of an order, the ticket's number last.

    :param sort: ``due``, ``created``, ``updated``, ``priority`` or ``requester``; with ``-`` before
        it, the same turned round.
    """
    return (*_COLUMNS[sort.removeprefix("-")], Ticket.id.expression)


def order_by(sort: str) -> tuple[ColumnElement[Any], ...]:
    """Return the SQL order."""
    turned = sort.startswith("-")
    return tuple(column.desc() if turned else column.asc() for column in columns(sort))


def is_before(sort: str, values: Row[*tuple[Any, ...]]) -> ColumnElement[bool]:
    """Return the condition that a ticket comes before the one that has these values.

    :param values: the values of :func:`columns`.
    """
    mine = columns(sort)
    theirs = tuple_(
        *(literal(value, column.type) for value, column in zip(values, mine, strict=True))
    )
    return tuple_(*mine) > theirs if sort.startswith("-") else tuple_(*mine) < theirs
