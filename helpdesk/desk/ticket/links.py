"""Relate tickets: link one to another, or merge a duplicate into the original ticket."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import duplicates, parents, recurrence
from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Kind, LinkKind, State, Verb, ref
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
        tickets.load(change.session, self.to)
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
    """Resolve a ticket as a duplicate of another one, which continues for both requesters."""

    into: int
    verb: ClassVar[Verb] = Verb.MERGE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Resolve the ticket and add its requesters to the other one.

        :raises NotFoundError: if there is no such other ticket.
        :raises RefusedError: if the other ticket is finished, or is the same one.
        """
        target = tickets.load(change.session, self.into)
        if target.id != change.ticket.id and not target.state.is_active:
            raise RefusedError(
                f"{change.ref} is not merged: {ref(self.into)} is {target.state}; "
                "reopen that one first (ticket reopen), or name another (--into)."
            )
        add_link(change, self.into, LinkKind.DUPLICATE)
        change.claim_if_unassigned()
        change.set_state(State.RESOLVED)
        change.ticket.resolved_at = change.now
        change.record(EntryType.MERGED, data={"into": ref(self.into)})
        mail = duplicates.add_requesters(change, target)
        target_change = change.for_other_ticket(target)
        target_change.record(
            EntryType.JOINED,
            data={"duplicate": change.ref, "subject": change.ticket.subject, "requester": mail},
        )
        target_change.finish()
