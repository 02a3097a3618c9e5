"""Make a large desk in seconds, by copying the finished tickets of a small one in the database.

Open tickets are not copied: a desk of ten years has no more open tickets than one of a year.  The
copies are spread evenly over ten years, so that the last hours have only their share.
"""

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Table,
    cast,
    func,
    insert,
    literal_column,
    select,
)

from helpdesk.desk.session import Desk
from helpdesk.store.database.sequences import advance_sequences
from helpdesk.store.models import Base, Ticket
from helpdesk.store.models.column_types import Instant

_TEN_YEARS_S = 10 * 365 * 24 * 3600
_FINISHED: ColumnElement[bool] = literal_column("tickets.state IN ('resolved', 'closed')")


def multiply(desk: Desk, tickets: int, span: int) -> int:
    """Copy finished tickets with their related rows; return the number of tickets afterwards.

    :param tickets: at least how many tickets there are to be.
    :param span: the tickets up to this number are copied, again and again.
    """
    with desk.database.write() as session:
        connection = session.connection()
        finished = select(func.count()).select_from(Ticket).where(_FINISHED, Ticket.id <= span)
        past = connection.execute(finished).scalar_one()
        if not past:
            raise ValueError("the desk has no finished tickets to copy")
        existing = connection.execute(select(func.count()).select_from(Ticket)).scalar_one()
        last = connection.execute(select(func.max(Ticket.id))).scalar_one()
        while existing < tickets:
            _copy(connection, span, last, round(_TEN_YEARS_S * _spread(last // span)))
            existing += past
            last += span
        advance_sequences(session)
        connection.exec_driver_sql("ANALYZE")
    return int(existing)


def _spread(number: int) -> float:
    """Return a number of the van der Corput sequence in base 2: 0.5, 0.25, 0.75, 0.125, …

    Its first numbers are spread evenly between 0 and 1, however many are used.
    """
    fraction, part = 0.0, 0.5
    while number:
        fraction += part * (number & 1)
        number >>= 1
        part /= 2
    return fraction


def _copy(connection: Connection, upto: int, shift: int, back_s: int) -> None:
    for table in Base.metadata.sorted_tables:
        if table.name != "tickets" and "ticket_id" not in table.c:
            continue
        if table.name in ("timers", "ticket_origins", "presence"):
            continue
        connection.execute(_insert(connection, table, upto, shift, back_s))


def _insert(connection: Connection, table: Table, upto: int, shift: int, back_s: int):  # type: ignore[no-untyped-def]
    own = table.name == "tickets"
    number = table.c.id if own else table.c.ticket_id
    columns = []
    for column in table.c:
        if column is number:
            columns.append(number + shift)
        elif own and column.name == "act_at":
            # No due action on a copy, or the scheduler would first close half a million tickets.
            columns.append(literal_column("NULL"))
        elif isinstance(column.type, Instant):
            columns.append(cast(column, BigInteger) - back_s)
        elif column.name == "id":
            first = connection.execute(select(func.max(column))).scalar() or 0
            columns.append(column + first)
        else:
            columns.append(column)
    chosen = select(*columns).where(number <= upto)
    if own:
        chosen = chosen.where(_FINISHED)
    else:
        chosen = chosen.where(number.in_(select(Ticket.id).where(_FINISHED, Ticket.id <= upto)))
    return insert(table).from_select([column.name for column in table.c], chosen)
