"""Work on a ticket: claim, release, assign, reply, note, receive, pend, resume."""

from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import after_close, reply_ways, resolving, taking_over
from helpdesk.desk.time_input import read_until
from helpdesk.desk.unit_of_work import act_due, merged
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import WORKING_ROLES, Right
from helpdesk.domain.text import accept_required
from helpdesk.domain.ticket import ReplyWay, State, Verb, Waiting
from helpdesk.store.models import Agent
from helpdesk.store.people import people, serving


@dataclass(frozen=True, slots=True)
class Claim:
    """Claim an unassigned ticket; claiming one's own ticket again changes nothing.

    :ivar take_from: as for :func:`helpdesk.desk.ticket.taking_over.require_free_to_take`.
    """

    take_from: frozenset[str] = frozenset()
    verb: ClassVar[Verb] = Verb.CLAIM

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Assign the ticket to the acting agent.

        :raises HeldError: if it is assigned to another agent, and not to be taken from them.
        :raises RefusedError: if it is, and the acting agent does not serve its queue.
        """
        taking_over.require_free_to_take(change, self.take_from)
        if change.ticket.assignee_id not in (None, change.actor_id):
            Assign(desk.login, self.take_from).apply(desk, change)
            return
        change.claim_if_unassigned()
        if change.ticket.state is State.NEW:
            change.set_state(State.OPEN)


@dataclass(frozen=True, slots=True)
class Release:
    """Unassign a ticket, so that anybody who serves its queue can claim it."""

    verb: ClassVar[Verb] = Verb.RELEASE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Clear the assignee.

        :raises NotPermittedError: if it is assigned to another agent, and the acting agent may
            not assign tickets of others.
        :raises RefusedError: if it is not assigned.
        """
        ticket = change.ticket
        if ticket.assignee_id is None:
            raise RefusedError(
                f"{change.ref} is not claimed by anybody; there is nothing to release."
            )
        holder = change.session.get_one(Agent, ticket.assignee_id)
        if holder.id != desk.agent_id:
            desk.require(Right.ASSIGN_OTHERS)
        ticket.assignee_id = None
        change.record(EntryType.RELEASED, data={"from": holder.login})


@dataclass(frozen=True, slots=True)
class Assign:
    """Assign a ticket to an agent who serves its queue.

    :ivar to: the agent's login.
    :ivar take_from: if that is the acting agent, as for :class:`Claim`.
    """

    to: str
    take_from: frozenset[str] = frozenset()
    verb: ClassVar[Verb] = Verb.ASSIGN

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Set the assignee.

        :raises HeldError: if it is the acting agent, and another agent holds the ticket.
        :raises NotFoundError: if there is no such active agent.
        :raises NotPermittedError: if it is another agent, and the acting agent may not assign
            tickets to others.
        :raises RefusedError: if no agent is named, or the agent does not serve the ticket's queue.
        """
        if not self.to.strip():
            raise RefusedError(
                _("{ticket} is not assigned: name the agent who is to have it (--to).").format(
                    ticket=change.ref
                )
            )
        agent = people.require_agent(change.session, self.to)
        if agent.id != desk.agent_id:
            desk.require(Right.ASSIGN_OTHERS)
        ticket = change.ticket
        if agent.role not in WORKING_ROLES:
            raise RefusedError(
                _(
                    "{ticket} is not assigned: {login} ({role}) does not work on tickets; choose "
                    "another agent (--to)."
                ).format(ticket=change.ref, login=agent.login, role=agent.role)
            )
        if ticket.queue not in serving.levels_of(change.session, agent.id):
            raise RefusedError(
                f"{change.ref} is in queue {ticket.queue}, which {self.to} does not serve; "
                "choose another agent (--to), or escalate or return it."
            )
        if agent.id == desk.agent_id:
            taking_over.require_free_to_take(change, self.take_from)
        if ticket.assignee_id != agent.id:
            before = _login_of(change.session.get(Agent, ticket.assignee_id or 0))
            ticket.assignee_id = agent.id
            change.record(EntryType.ASSIGNED, data={"from": before, "to": agent.login})
        if ticket.state is State.NEW:
            change.set_state(State.OPEN)


def _login_of(agent: Agent | None) -> str:
    return agent.login if agent else ""


@dataclass(frozen=True, slots=True)
class Reply:
    """Give a public answer to the requester; the first one meets the first-response clock.

    :ivar by: how the requester got it; None: it is for the requester's address.
    """

    text: str
    by: ReplyWay | None = None
    verb: ClassVar[Verb] = Verb.REPLY

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Record the answer; an unassigned ticket is assigned to the acting agent.

        :raises RefusedError: if it was not said, and no requester of the ticket has an address.
        """
        text = accept_required(self.text, "reply", "--text")
        if self.by is None or not self.by.is_spoken:
            reply_ways.require_address(change)
        change.claim_if_unassigned()
        if change.ticket.state is State.NEW:
            change.set_state(State.OPEN)
        data = {"by": self.by} if self.by else {}
        change.record(EntryType.REPLIED, text, public=True, data=data)


@dataclass(frozen=True, slots=True)
class Note:
    """Add an internal note, which the requester does not see."""

    text: str
    verb: ClassVar[Verb] = Verb.NOTE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Record the note."""
        change.record(EntryType.NOTED, accept_required(self.text, "note", "--text"))


@dataclass(frozen=True, slots=True)
class Receive:
    """Record a message from the requester and notify the assignee.

    A ticket that waited for the requester is resumed.  The message about a ticket that was merged
    is for the one that goes on.  The message about a closed ticket reopens it or is logged as a new
    one, as the policy says.

    :ivar reopen: reopen a finished ticket; False leaves it as it is (for a mere "thank you").
    """

    text: str
    reopen: bool = True
    verb: ClassVar[Verb] = Verb.RECEIVE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Record the message, and resume or reopen the ticket.

        A message about a merged ticket goes to the one that goes on.

        :raises RefusedError: if the acting agent may not see that one.
        """
        text = accept_required(self.text, "requester's message", "--text")
        other = merged.other_for_message(change.session, change.ticket)
        if other is None:
            change.goes_on_in = self._record(desk, change, text, {})
            return
        act_due.act_until(change.session, other, change.now)
        other_change = change.for_other_ticket(other)
        new = self._record(desk, other_change, text, {"via": change.ref})
        other_change.finish()
        change.goes_on_in = new or other.id

    def _record(self, desk: Desk, change: TicketChange, text: str, data: dict[str, str]) -> int:
        """Record the message; return the number of the new ticket for it, or 0."""
        ticket = change.ticket
        if ticket.state is State.CLOSED and self.reopen and after_close.makes_new_ticket(change):
            return after_close.log_new_ticket(desk, change, text)
        change.record(EntryType.REQUESTER_WROTE, text, public=True, data=data)
        if ticket.state is State.PENDING and ticket.waiting_on is Waiting.REQUESTER:
            change.wake()
        elif not ticket.state.is_active and self.reopen:
            resolving.Reopen("the requester wrote again").apply(desk, change)
        return 0


@dataclass(frozen=True, slots=True)
class Pend:
    """Make a ticket wait for the requester, a vendor or a date.

    :ivar until: as for :func:`helpdesk.desk.time_input.read_until`; required for a date, optional
        otherwise.
    """

    on: Waiting
    until: str = ""
    verb: ClassVar[Verb] = Verb.PEND

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Make the ticket pending.

        :raises RefusedError: if ``until`` is missing or not a time in the future.
        """
        until = read_until(self.until, change.now)
        if self.on is Waiting.DATE and until is None:
            raise RefusedError(
                f"{change.ref} is not pended: waiting for a date needs one (--until 2h, 3d "
                "or '2026-12-01 09:00')."
            )
        change.claim_if_unassigned()
        change.set_state(State.PENDING)
        change.ticket.waiting_on = self.on
        change.ticket.waiting_until = until
        change.record(
            EntryType.PENDED, data={"on": self.on, "until": until.isoformat() if until else ""}
        )


@dataclass(frozen=True, slots=True)
class Resume:
    """Resume a pending ticket."""

    verb: ClassVar[Verb] = Verb.RESUME

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Make the ticket open."""
        change.wake()
