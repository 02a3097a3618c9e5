"""``helpdesk ticket …``: log, list and work on tickets."""

import argparse
from collections.abc import Callable

from helpdesk.cli.desk_door import open_door, text_of, wants_json
from helpdesk.cli.output import local, print_json, print_table, print_text
from helpdesk.cli.ticket_json import row_json, ticket_json
from helpdesk.cli.ticket_text import clock_text, ticket_text
from helpdesk.desk import fields, handover, intake, links, outcome, queues, tickets, work
from helpdesk.desk.session import Desk
from helpdesk.desk.views import Query, TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import HandOver
from helpdesk.domain.ticket import parse_ref


def new(arguments: argparse.Namespace) -> None:
    """Log a query."""
    query = Query(
        subject=arguments.subject,
        body=text_of(arguments.body),
        requester=arguments.requester,
        customer=arguments.customer or "",
        service=arguments.service or "",
        kind=arguments.kind,
        impact=arguments.impact,
        urgency=arguments.urgency,
        channel=arguments.channel,
    )
    with open_door(arguments) as desk:
        _report(arguments, "logged", intake.log_query(desk, query))


def list_tickets(arguments: argparse.Namespace) -> None:
    """List tickets."""
    selection = queues.Selection(
        arguments.queue, arguments.assignee, arguments.state, arguments.sort
    )
    with open_door(arguments) as desk:
        page = queues.page(desk, selection, limit=arguments.limit)
    if wants_json(arguments):
        print_json([row_json(row) for row in page.rows])
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
                row.requester or "-",
                row.subject,
            )
            for row in page.rows
        ),
    )


def show(arguments: argparse.Namespace) -> None:
    """Show everything about a ticket."""
    with open_door(arguments) as desk:
        ticket = tickets.show(desk, parse_ref(arguments.id))
    if wants_json(arguments):
        print_json(ticket_json(ticket))
    else:
        print_text(ticket_text(ticket))


def claim(arguments: argparse.Namespace) -> None:
    """Take a ticket."""
    _work(arguments, "claimed", lambda desk, number: work.claim(desk, number, _seen(arguments)))


def release(arguments: argparse.Namespace) -> None:
    """Put a ticket back."""
    _work(arguments, "released", lambda desk, number: work.release(desk, number, _seen(arguments)))


def assign(arguments: argparse.Namespace) -> None:
    """Give a ticket to an agent."""
    _work(
        arguments,
        f"assigned to {arguments.to}",
        lambda desk, number: work.assign(desk, number, arguments.to, _seen(arguments)),
    )


def reply(arguments: argparse.Namespace) -> None:
    """Answer the requester."""
    text = text_of(arguments.text)
    _work(
        arguments,
        "answered",
        lambda desk, number: work.reply(desk, number, text, _seen(arguments)),
    )


def note(arguments: argparse.Namespace) -> None:
    """Add an internal note."""
    text = text_of(arguments.text)
    _work(arguments, "noted", lambda desk, number: work.note(desk, number, text, _seen(arguments)))


def escalate(arguments: argparse.Namespace) -> None:
    """Hand a ticket to a higher level."""
    hand_over = HandOver(
        tried=arguments.tried, known=arguments.known, asked=text_of(arguments.note)
    )
    _work(
        arguments,
        f"escalated to {arguments.to}",
        lambda desk, number: handover.escalate(
            desk, number, arguments.to, arguments.reason, hand_over, _seen(arguments)
        ),
    )


def send_back(arguments: argparse.Namespace) -> None:
    """Send a ticket back to a lower level."""
    _work(
        arguments,
        "returned",
        lambda desk, number: handover.send_back(
            desk, number, arguments.to, arguments.reason, _seen(arguments)
        ),
    )


def pend(arguments: argparse.Namespace) -> None:
    """Let a ticket wait."""
    _work(
        arguments,
        f"pending on {arguments.on}",
        lambda desk, number: work.pend(
            desk, number, arguments.on, arguments.until, _seen(arguments)
        ),
    )


def resume(arguments: argparse.Namespace) -> None:
    """Go on with a pending ticket."""
    _work(arguments, "resumed", lambda desk, number: work.resume(desk, number, _seen(arguments)))


def resolve(arguments: argparse.Namespace) -> None:
    """Resolve a ticket."""
    text = text_of(arguments.text)
    _work(
        arguments,
        "resolved",
        lambda desk, number: outcome.resolve(
            desk, number, text, arguments.article, _seen(arguments)
        ),
    )


def reopen(arguments: argparse.Namespace) -> None:
    """Take a resolved or closed ticket up again."""
    _work(
        arguments,
        "reopened",
        lambda desk, number: outcome.reopen(desk, number, arguments.reason, _seen(arguments)),
    )


def close(arguments: argparse.Namespace) -> None:
    """Close a resolved ticket."""
    _work(arguments, "closed", lambda desk, number: outcome.close(desk, number, _seen(arguments)))


def merge(arguments: argparse.Namespace) -> None:
    """End a duplicate in favour of another ticket."""
    into = parse_ref(arguments.into)
    _work(
        arguments,
        f"goes on for {arguments.id}",
        lambda desk, number: links.merge(desk, number, into, _seen(arguments)),
    )


def link(arguments: argparse.Namespace) -> None:
    """Relate a ticket to another."""
    other = parse_ref(arguments.to)
    _work(
        arguments,
        f"linked to {arguments.to}",
        lambda desk, number: links.link(desk, number, other, arguments.kind, _seen(arguments)),
    )


def set_fields(arguments: argparse.Namespace) -> None:
    """Change what a ticket says about itself."""
    named = (
        *(arguments.subject, arguments.kind, arguments.impact, arguments.urgency),
        *(arguments.service, arguments.customer, arguments.requester),
    )
    if arguments.csat is not None:
        if any(value is not None for value in named):
            raise RefusedError("--csat is set by itself: it is for a ticket that is resolved.")
        _work(
            arguments,
            f"rated {arguments.csat} of 5",
            lambda desk, number: outcome.rate(desk, number, arguments.csat, _seen(arguments)),
        )
        return
    wanted = fields.Wanted(
        subject=arguments.subject,
        kind=arguments.kind,
        impact=arguments.impact,
        urgency=arguments.urgency,
        service=arguments.service,
        customer=arguments.customer,
        requester=arguments.requester,
    )
    _work(
        arguments,
        "changed",
        lambda desk, number: work.set_fields(desk, number, wanted, _seen(arguments)),
    )


def _seen(arguments: argparse.Namespace) -> int | None:
    seen: int | None = arguments.seen_version
    return seen


def _work(
    arguments: argparse.Namespace, done: str, verb: Callable[[Desk, int], TicketView]
) -> None:
    number = parse_ref(arguments.id)
    with open_door(arguments) as desk:
        _report(arguments, done, verb(desk, number))


def _report(arguments: argparse.Namespace, done: str, ticket: TicketView) -> None:
    if wants_json(arguments):
        print_json(ticket_json(ticket))
    else:
        who = f", {ticket.assignee}" if ticket.assignee else ""
        print_text(
            f"{ticket.ref} {done} ({ticket.queue}, {ticket.priority}, {ticket.state}{who}): "
            f"{ticket.subject}"
        )
