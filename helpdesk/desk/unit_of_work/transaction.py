"""Begin a change of a ticket: check version, rights and state, and do first what is due."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work import act_due, merged
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.errors import ConflictError, NotPermittedError
from helpdesk.domain.i18n import n_
from helpdesk.domain.roles import Right, works_in
from helpdesk.domain.ticket import Verb, ref, require_allowed
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import tickets

#: A conflict message names only the last few of many missed changes.
_MAX_NAMED = 5


@contextmanager
def changing(desk: Desk, number: int, verb: Verb, version: int | None) -> Iterator[TicketChange]:
    """Make a change of a ticket in one transaction, which is committed at the end of the block.

    Due actions of the desk (recording a breach, for example) are carried out first, so that the
    timeline is in order.

    :param version: the version that the agent has seen, or None to act on the current one.
    :raises ConflictError: if the ticket has another version.
    :raises NotFoundError: if there is no such ticket.
    :raises NotPermittedError: if the acting agent has no right to the verb.
    :raises RefusedError: if the ticket's state does not allow the verb.
    """
    desk.require(Right.WORK)
    with desk.database.write() as session:
        change = begin(desk, session, number, [verb], version)
        require_allowed(verb, change.ticket.state, change.ref)
        yield change
        change.finish()


def begin(
    desk: Desk, session: Session, number: int, verbs: Iterable[Verb], version: int | None = None
) -> TicketChange:
    """Begin a change of a ticket in an open transaction; the caller finishes the change.

    The caller checks, before each verb, that the ticket's state allows it.

    :param verbs: all verbs of the change.  The agent must have the right to each of them in the
        queue in which the ticket is now, even if an earlier verb moves it to another queue.
    :param version: the version that the agent has seen, or None to act on the current one.
    :raises ConflictError: if the ticket has another version.
    :raises NotFoundError: if there is no such ticket.
    :raises NotPermittedError: if a verb is for agents who serve the queue, and this one does not.
    :raises RefusedError: if the ticket was merged, and a verb belongs to the ticket that goes on.
    """
    ticket = tickets.load(session, number)
    if version is not None and version != ticket.version:
        raise _conflict(session, ticket, version)
    verbs = tuple(verbs)
    for verb in verbs:
        _require_level(desk, ticket, verb)
    act_due.act_until(session, ticket, desk.now())
    merged.require_not_merged(session, ticket, verbs)
    return TicketChange.by(desk, session, ticket)


def _require_level(desk: Desk, ticket: Ticket, verb: Verb) -> None:
    """Refuse a verb that is only for agents who serve the ticket's queue."""
    agent = desk.agent
    assigned = ticket.assignee_id == desk.agent_id
    if works_in(verb, ticket.queue, agent.role, agent.levels, assigned=assigned):
        return
    raise NotPermittedError(
        f"{ref(ticket.id)} is in queue {ticket.queue}, which {agent.login} does not serve: add "
        "a note (ticket note; in the app i), or ask an agent who serves it."
    )


def _conflict(session: Session, ticket: Ticket, version: int) -> ConflictError:
    changes = tuple(
        f"{login or 'helpdesk'} {event.type.shown} at {event.at:%H:%M:%S} UTC on {event.at:%b %d}"
        for event, login in tickets.events_after_version(session, ticket.id, version)
    )
    if version > ticket.version:
        return ConflictError(
            f"{ref(ticket.id)} has version {ticket.version}, there is no version {version} yet: "
            "nothing was saved; look at it and try again."
        )
    named = changes[-_MAX_NAMED:]
    before = len(changes) - len(named)
    earlier = (
        [n_("{n} earlier change", "{n} earlier changes", before).format(n=before)]
        if named != changes
        else []
    )
    summary = "; ".join((*earlier, *named)) or f"it has version {ticket.version}"
    return ConflictError(
        f"{ref(ticket.id)} was changed meanwhile, nothing was saved: {summary}.", changes
    )
