"""Desks of any size in seconds: the past of a small desk, copied row by row inside the database.

What is open stays as it is: a desk of ten years has no more open tickets than one of a year.
"""

from sqlalchemy import Connection, Table, func, insert, literal_column, select, text

from helpdesk.desk.session import Desk
from helpdesk.store.models import Base, Ticket
from helpdesk.store.numbering import count_on

_DONE = text("tickets.state IN ('resolved', 'closed')")


def multiply(desk: Desk, tickets: int) -> int:
    """Copy finished tickets, with all that hangs on them, until there are so many; return that."""
    with desk.database.write() as session:
        connection = session.connection()
        past = connection.execute(
            select(func.count(), func.min(Ticket.id), func.max(Ticket.id)).where(_DONE)
        ).one()
        there = connection.execute(select(func.count()).select_from(Ticket)).scalar_one()
        last = connection.execute(select(func.max(Ticket.id))).scalar_one()
        span = last
        # No errand may be due on a copy, or the desk would close half a million tickets first.
        while there < tickets:
            upto = min(span, max(1, round(span * (tickets - there) / past[0])))
            _copy(connection, upto, last, span)
            last += span
            now = connection.execute(select(func.count()).select_from(Ticket)).scalar_one()
            if now == there:
                raise ValueError("the desk has no past to copy")
            there = now
        count_on(connection)
        connection.exec_driver_sql("ANALYZE")
    return there


def _copy(connection: Connection, upto: int, shift: int, span: int) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name != "tickets" and "ticket_id" not in table.c:
            continue
        if table.name in ("timers", "ticket_origins", "presence"):
            continue
        connection.execute(_insert(connection, table, upto, shift, span))


def _insert(connection: Connection, table: Table, upto: int, shift: int, span: int):  # type: ignore[no-untyped-def]
    own = table.name == "tickets"
    number = table.c.id if own else table.c.ticket_id
    columns = []
    for column in table.c:
        if column is number:
            columns.append(number + shift)
        elif own and column.name == "act_at":
            columns.append(literal_column("NULL"))
        elif column.name == "id":
            first = connection.execute(select(func.max(column))).scalar() or 0
            columns.append(column + first)
        else:
            columns.append(column)
    chosen = select(*columns).where(number <= upto)
    if own:
        chosen = chosen.where(_DONE)
    else:
        chosen = chosen.where(number.in_(select(Ticket.id).where(_DONE, Ticket.id <= upto)))
    return insert(table).from_select([column.name for column in table.c], chosen)
