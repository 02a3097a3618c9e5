"""``helpdesk ticket list`` and ``show``, apart from the verbs, whose imports they do not need."""

import argparse
from collections.abc import Sequence

from helpdesk.cli.open_desk import opened_desk, wants_json
from helpdesk.cli.output import local, print_json, print_table, print_text
from helpdesk.desk.exchange.ticket_json import row_json, ticket_json
from helpdesk.desk.exchange.ticket_text import clock_text, ticket_text
from helpdesk.desk.queue import lists
from helpdesk.desk.queue.views import QueueRow
from helpdesk.desk.ticket import show_ticket
from helpdesk.domain.query import parse
from helpdesk.domain.ticket import parse_ref


def list_tickets(arguments: argparse.Namespace) -> None:
    """List tickets."""
    query = None if arguments.query is None else parse(arguments.query)
    with opened_desk(arguments) as desk:
        columns: tuple[str, ...] = ()
        if arguments.view is not None:
            from helpdesk.desk.queue import filters, saved_views  # needed for views only

            view = saved_views.show(desk, arguments.view)
            query, columns = filters.combine(parse(view.query), query), view.columns
        selection = lists.Selection(
            arguments.queue, arguments.assignee, arguments.state, arguments.sort, query
        )
        page = lists.page(desk, selection, limit=arguments.limit)
    if wants_json(arguments):
        print_json([row_json(row) for row in page.rows])
        return
    if columns:
        _print_columns(page.rows, columns)
        return
    print_table(
        ("ID", "P", "STATE", "QUEUE", "WHO", "DUE", "REQUESTER", "SUBJECT"),
        (
            (
                row.ref,
                row.priority,
                row.state,
                row.queue,
                row.assignee or "-",
                clock_text(row.clock) if row.clock else local(row.updated_at),
                row.requester or row.requester_name or "-",
                row.subject,
            )
            for row in page.rows
        ),
    )


def _print_columns(rows: Sequence[QueueRow], names: Sequence[str]) -> None:
    """Print the columns of a view, in its order."""
    from helpdesk.desk.queue.column_text import COLUMN_TEXTS  # needed for views only

    columns = [COLUMN_TEXTS[name] for name in names if name in COLUMN_TEXTS]
    print_table(
        [head.upper() for head, _text in columns],
        ([text(row) or "-" for _head, text in columns] for row in rows),
    )


def show(arguments: argparse.Namespace) -> None:
    """Show everything about a ticket."""
    with opened_desk(arguments) as desk:
        ticket = show_ticket.show(desk, parse_ref(arguments.id))
    if wants_json(arguments):
        print_json(ticket_json(ticket))
    else:
        print_text(ticket_text(ticket, whole=arguments.full))
