"""Relating tickets: link one to another, merge a duplicate into the ticket it repeats."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import duplicates, parents, recurrence
from helpdesk.desk.ticket.add_link import add_link
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Kind, LinkKind, State, Verb, ref
from helpdesk.store.ticket import relations, tickets


@dataclass(frozen=True, slots=True)
class Link:
    """Note that a ticket is related to another; a link that is there already stays as it is.

    A duplicate of a ticket that is open follows that one, see
    :mod:`helpdesk.desk.ticket.duplicates`; one that is linked to a solved problem says
    that it reappeared.
    """

    to: int
    kind: LinkKind
    verb: ClassVar[Verb] = Verb.LINK

    def apply(self, desk: Desk, change: Change) -> None:
        """Add the link.

        :raises NotFoundError: if there is no such other ticket.
        :raises RefusedError: if the two cannot be linked in this way.
        """
        open_now = change.ticket.state.is_active
        if (
            self.kind is LinkKind.DUPLICATE
            and open_now
            and tickets.load(change.session, self.to).state.is_active
        ):
            duplicates.join(change, self.to)
            return
        if self.kind is LinkKind.PARENT:
            parents.require_tree(change, self.to)
        found = add_link(change, self.to, self.kind)
        if self.kind is LinkKind.PROBLEM and open_now:
            source = recurrence.source_of(change.session, found)
            if source is not None:
                recurrence.mark(change, source)


def problem_among(desk: Desk, numbers: Sequence[int]) -> int:
    """Return the first problem that one of these tickets is, or is linked to.

    :raises RefusedError: if there is none.
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
    """Close a ticket as a duplicate of another, which goes on for both requesters."""

    into: int
    verb: ClassVar[Verb] = Verb.MERGE

    def apply(self, desk: Desk, change: Change) -> None:
        """Resolve the ticket in favour of the other one.

        :raises NotFoundError: if there is no such other ticket.
        :raises RefusedError: if that one is finished, or is the same ticket.
        """
        kept = tickets.load(change.session, self.into)
        if kept.id != change.ticket.id and not kept.state.is_active:
            raise RefusedError(
                f"{change.ref} is not merged: {ref(self.into)} is {kept.state}; "
                "reopen that one first."
            )
        add_link(change, self.into, LinkKind.DUPLICATE)
        change.take_if_nobody_has_it()
        change.become(State.RESOLVED)
        change.ticket.resolved_at = change.now
        change.record(EntryType.MERGED, data={"into": ref(self.into)})
        mail = duplicates.let_requesters_join(change, kept)
        kept_change = change.beside(kept)
        kept_change.record(
            EntryType.JOINED,
            data={"duplicate": change.ref, "subject": change.ticket.subject, "requester": mail},
        )
        kept_change.finish()
