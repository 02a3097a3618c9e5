"""Relate tickets: link one to another, or merge a duplicate into the original ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import duplicates, joining, link_sense, parents, recurrence
from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.unit_of_work import merged
from helpdesk.desk.unit_of_work.confidentiality import require_may_share
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Kind, LinkKind, State, Verb, ref
from helpdesk.store.models import Ticket
from helpdesk.store.ticket import relations, tickets


@dataclass(frozen=True, slots=True)
class Link:
    """Link a ticket to another one; an existing link is left unchanged.

    A duplicate of an open ticket follows that one, see :mod:`helpdesk.desk.ticket.duplicates`.
    A link to a solved problem marks the ticket as a recurrence of that problem.
    """

    to: int
    kind: LinkKind
    verb: ClassVar[Verb] = Verb.LINK

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Add the link.

        :raises NotFoundError: if there is no such other ticket.
        :raises RefusedError: if the two cannot be linked in this way.
        """
        is_active = change.ticket.state.is_active
        if (
            self.kind is LinkKind.DUPLICATE
            and is_active
            and tickets.load(change.session, self.to).state.is_active
        ):
            duplicates.join(change, self.to)
            return
        other = tickets.load(change.session, self.to)
        if not tickets.has_link(change.session, change.ticket.id, self.to, self.kind):
            link_sense.require_sense(change, other, self.kind)
        if self.kind is LinkKind.DUPLICATE and other.id != change.ticket.id:
            duplicates.require_no_circle(change, other)
            require_may_share(change.session, change.ticket, other)
        if self.kind is LinkKind.PARENT:
            parents.require_tree(change, self.to)
        other = add_link(change, self.to, self.kind)
        if self.kind is LinkKind.PROBLEM and is_active:
            problem = recurrence.solved_problem_of(change.session, other)
            if problem is not None:
                recurrence.mark(change, problem)


def problem_among(desk: Desk, numbers: Sequence[int]) -> int:
    """Return the number of the first problem that one of these tickets is or is linked to.

    :raises NotFoundError: if there is no ticket of one of the numbers.
    :raises RefusedError: if none of them belongs to a problem.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        for number in numbers:
            ticket = tickets.load(session, number)
            if ticket.kind is Kind.PROBLEM:
                return number
            problem = relations.problem_of(session, number)
            if problem is not None:
                return problem.id
    which = ", ".join(map(ref, numbers[:3])) or "none of the suggestions"
    raise RefusedError(
        f"{which} {'belong' if len(numbers) > 1 else 'belongs'} to no problem: choose one of kind "
        "problem, or link it by 'helpdesk ticket link --kind problem'."
    )


@dataclass(frozen=True, slots=True)
class Merge:
    """End a ticket in favour of another one, which continues for both requesters.

    What belongs to the work goes along, see :mod:`helpdesk.desk.ticket.joining`.  The merge answers
    nobody: it meets no clock, and no figure counts it as a resolution.
    """

    into: int
    verb: ClassVar[Verb] = Verb.MERGE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """End the ticket, and take along into the other one what belongs to the work.

        :raises NotFoundError: if there is no such other ticket.
        :raises RefusedError: if the other ticket is finished, is the same one or a duplicate of it,
            if this one is a duplicate of a third, or if only one of both is confidential.
        """
        target = tickets.load(change.session, self.into)
        if target.id != change.ticket.id:
            _require_target(change, target)
        add_link(change, self.into, LinkKind.DUPLICATE)
        change.claim_if_unassigned()
        change.set_state(State.RESOLVED)
        change.ticket.resolved_at = change.now
        change.record(EntryType.MERGED, data={"into": ref(self.into)})
        joining.join(change, target)


def _require_target(change: TicketChange, target: Ticket) -> None:
    """Refuse a merge into a ticket that cannot go on for the other one."""
    session = change.session
    if not target.state.is_active:
        other = merged.ticket_that_goes_on(session, target)
        if other is not None and other.id == change.ticket.id:
            raise RefusedError(
                _("{ticket} is not merged: {other} was merged into it, and it goes on.").format(
                    ticket=change.ref, other=ref(target.id)
                )
            )
        if other is not None:
            raise RefusedError(
                _(
                    "{ticket} is not merged: {target} was merged into {other}; name that one "
                    "(--into {other})."
                ).format(ticket=change.ref, target=ref(target.id), other=ref(other.id))
            )
        raise RefusedError(
            f"{change.ref} is not merged: {ref(target.id)} is {target.state}; "
            "reopen that one first (ticket reopen), or name another (--into)."
        )
    duplicates.require_no_circle(change, target)
    followed = relations.followed(session, change.ticket.id)
    if followed is not None and followed.id != target.id and followed.state.is_active:
        raise RefusedError(
            _(
                "{ticket} is not merged: it is a duplicate of {other}; merge it into that one, or "
                "remove that link first (ticket link {ticket} --remove --kind duplicate --to "
                "{other})."
            ).format(ticket=change.ref, other=ref(followed.id))
        )
    require_may_share(session, change.ticket, target)
