"""Working a ticket: claim, release, assign, reply, note, pend, resume, change its fields."""

from helpdesk.desk import fields, outcome
from helpdesk.desk.change import changing
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.tickets import show
from helpdesk.desk.when import read_until
from helpdesk.domain.errors import ConflictError, RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.tags import TagChange
from helpdesk.domain.text import accept_required
from helpdesk.domain.ticket import State, Verb, Waiting
from helpdesk.store import people
from helpdesk.store.models import Agent


def claim(desk: Desk, number: int, version: int | None = None) -> TicketView:
    """Take an unclaimed ticket; claiming one's own again changes nothing.

    :raises ConflictError: if somebody else has it.
    """
    with changing(desk, number, Verb.CLAIM, version) as change:
        claim_within(change)
    return show(desk, number)


def claim_within(change: Change) -> None:
    """Claim within a change that is under way."""
    ticket = change.ticket
    if ticket.assignee_id not in (None, change.actor_id):
        holder = change.session.get_one(Agent, ticket.assignee_id)
        raise ConflictError(
            f"{change.ref} is already claimed by {holder.login}; "
            "ask them to release it, or have it assigned to you."
        )
    change.take_if_nobody_has_it()
    if ticket.state is State.NEW:
        change.become(State.OPEN)


def release(desk: Desk, number: int, version: int | None = None) -> TicketView:
    """Put one's own ticket back so that anybody of its queue can claim it."""
    with changing(desk, number, Verb.RELEASE, version) as change:
        release_within(desk, change)
    return show(desk, number)


def release_within(desk: Desk, change: Change) -> None:
    """Release within a change that is under way."""
    ticket = change.ticket
    if ticket.assignee_id is None:
        raise RefusedError(f"{change.ref} is not claimed by anybody; there is nothing to release.")
    holder = change.session.get_one(Agent, ticket.assignee_id)
    if holder.id != desk.agent_id:
        desk.require(Right.ASSIGN_OTHERS)
    ticket.assignee_id = None
    change.record("released", data={"from": holder.login})


def assign(desk: Desk, number: int, to: str, version: int | None = None) -> TicketView:
    """Give a ticket to an agent who serves its queue.

    :raises NotFoundError: if there is no such active agent.
    """
    with changing(desk, number, Verb.ASSIGN, version) as change:
        assign_within(desk, change, to)
    return show(desk, number)


def assign_within(desk: Desk, change: Change, to: str) -> None:
    """Assign within a change that is under way."""
    agent = people.require_agent(change.session, to)
    if agent.id != desk.agent_id:
        desk.require(Right.ASSIGN_OTHERS)
    ticket = change.ticket
    if ticket.queue not in people.levels_of(change.session, agent.id):
        raise RefusedError(
            f"{change.ref} is in queue {ticket.queue}, which {to} does not serve; "
            "choose another agent, or escalate or return it."
        )
    if ticket.assignee_id != agent.id:
        before = _login_of(change.session.get(Agent, ticket.assignee_id or 0))
        ticket.assignee_id = agent.id
        change.record("assigned", data={"from": before, "to": agent.login})
    if ticket.state is State.NEW:
        change.become(State.OPEN)


def reply(desk: Desk, number: int, text: str, version: int | None = None) -> TicketView:
    """Answer the requester; the first public answer meets the first-response clock."""
    text = accept_required(text, "reply")
    with changing(desk, number, Verb.REPLY, version) as change:
        reply_within(change, text)
    return show(desk, number)


def reply_within(change: Change, text: str) -> None:
    """Answer within a change that is under way."""
    change.take_if_nobody_has_it()
    if change.ticket.state is State.NEW:
        change.become(State.OPEN)
    change.record("replied", accept_required(text, "reply"), public=True)


def note(desk: Desk, number: int, text: str, version: int | None = None) -> TicketView:
    """Add an internal note, which the requester does not see."""
    text = accept_required(text, "note")
    with changing(desk, number, Verb.NOTE, version) as change:
        change.record("noted", text)
    return show(desk, number)


def receive(
    desk: Desk,
    number: int,
    text: str,
    version: int | None = None,
    *,
    reopen: bool = True,
) -> TicketView:
    """Record what the requester wrote or said; whoever has the ticket is told.

    A ticket that waited for the requester goes on.

    :param reopen: take a resolved ticket up again; else it stays resolved (a word of thanks).
    """
    with changing(desk, number, Verb.RECEIVE, version) as change:
        receive_within(change, text, reopen=reopen)
    return show(desk, number)


def receive_within(change: Change, text: str, *, reopen: bool = True) -> None:
    """Record the requester's words within a change that is under way."""
    ticket = change.ticket
    change.record("requester_wrote", accept_required(text, "requester's message"), public=True)
    if ticket.state is State.PENDING and ticket.waiting_on is Waiting.REQUESTER:
        change.wake()
    elif ticket.state is State.RESOLVED and reopen:
        outcome.reopen_within(change, "the requester wrote again")


def pend(
    desk: Desk, number: int, on: Waiting, until: str = "", version: int | None = None
) -> TicketView:
    """Let a ticket wait for the requester, a vendor or a date.

    :param until: as for :func:`helpdesk.desk.when.read_until`; a wait for a date needs it, the
        others may have it.
    """
    with changing(desk, number, Verb.PEND, version) as change:
        pend_within(change, on, until)
    return show(desk, number)


def pend_within(change: Change, on: Waiting, until: str) -> None:
    """Pend within a change that is under way."""
    until_at = read_until(until, change.now)
    if on is Waiting.DATE and until_at is None:
        raise RefusedError(
            f"{change.ref} is not pended: waiting for a date needs one (such as 2h, 3d or "
            "2026-12-01 09:00)."
        )
    change.take_if_nobody_has_it()
    change.become(State.PENDING)
    change.ticket.waiting_on = on
    change.ticket.waiting_until = until_at
    until_text = until_at.isoformat() if until_at else ""
    change.record("pended", data={"on": on, "until": until_text})


def resume(desk: Desk, number: int, version: int | None = None) -> TicketView:
    """Go on with a pending ticket."""
    with changing(desk, number, Verb.RESUME, version) as change:
        change.wake()
    return show(desk, number)


def set_fields(
    desk: Desk, number: int, wanted: fields.Wanted, version: int | None = None
) -> TicketView:
    """Change what a ticket says about itself; priority and SLA follow.

    A change of priority, service, customer or kind picks the policy anew; time used stays used.
    """
    with changing(desk, number, Verb.SET, version) as change:
        fields.change(change, wanted)
    return show(desk, number)


def tag(desk: Desk, number: int, wanted: TagChange, version: int | None = None) -> TicketView:
    """Put tags on a ticket, or take them off."""
    with changing(desk, number, Verb.TAG, version) as change:
        fields.tag(change, wanted)
    return show(desk, number)


def _login_of(agent: Agent | None) -> str:
    return agent.login if agent else ""
