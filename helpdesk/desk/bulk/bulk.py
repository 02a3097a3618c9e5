"""Doing the same to many tickets, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.recorder import Change
from helpdesk.desk.unit_of_work.transaction import begin
from helpdesk.domain.errors import (
    ConflictError,
    DeskError,
    HiddenError,
    NotPermittedError,
    RefusedError,
)
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref, require_allowed

#: More at once would make the others wait for too long.
MOST = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ticket to which it was not done, and why, in a sentence."""

    number: int
    error: DeskError

    @property
    def sentence(self) -> str:
        """The reason."""
        return str(self.error)


@dataclass(frozen=True, slots=True)
class Outcome:
    """To which tickets it was done, with the version that each has now, and to which not.

    Where all or nothing was wanted, ``done`` is empty if any was refused, and ``would`` names those
    to which it would have been done.  ``unchanged`` are those of ``done`` that were so already.
    """

    done: Mapping[int, int]
    refused: tuple[Refusal, ...] = ()
    would: tuple[int, ...] = ()
    unchanged: frozenset[int] = frozenset()

    @property
    def made(self) -> dict[int, int]:
        """The tickets that were changed, with the version that each has now."""
        return {
            number: version for number, version in self.done.items() if number not in self.unchanged
        }


def apply(
    desk: Desk,
    numbers: Sequence[int],
    actions: Sequence[Action] | Mapping[int, Sequence[Action]],
    *,
    rest: bool = False,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Do the actions, in order, to each of these tickets.

    All of them are tried in one transaction.  If any is refused nothing is kept, unless ``rest``
    says that the others are to be done all the same.  An attempt at a ticket that is hidden from
    the agent is recorded in the audit trail.

    :param actions: the same for all, or those of each ticket.
    :param versions: the version of each ticket that the person has seen.
    :raises RefusedError: if the tickets are too many, or none.
    :raises NotPermittedError: if the agent's role does not allow it at all.
    """
    desk.require(Right.WORK)
    numbers = list(dict.fromkeys(numbers))
    if not 0 < len(numbers) <= MOST:
        raise RefusedError(
            f"{len(numbers):,} tickets are marked; at most {MOST} can be changed at once."
            if numbers
            else "no ticket is named."
        )
    found = _try(desk, numbers, actions, versions or {}, rest=rest)
    for one in found.refused:
        if isinstance(one.error, HiddenError):
            desk.database.refused(one.error.reason)
    return found


def _try(
    desk: Desk,
    numbers: Sequence[int],
    actions: Sequence[Action] | Mapping[int, Sequence[Action]],
    versions: Mapping[int, int],
    *,
    rest: bool,
) -> Outcome:
    done: dict[int, int] = {}
    refused: list[Refusal] = []
    unchanged: set[int] = set()
    with desk.database.write() as session:
        for number in numbers:
            own = actions[number] if isinstance(actions, Mapping) else actions
            try:
                with session.begin_nested():
                    change = _one(desk, session, number, versions.get(number), own)
            except NotPermittedError:
                raise
            except DeskError as error:
                refused.append(Refusal(number, error))
            else:
                done[number] = change.ticket.version
                if not change.made:
                    unchanged.add(number)
        if refused and not rest:
            session.rollback()
            return Outcome({}, tuple(refused), tuple(done))
    return Outcome(done, tuple(refused), unchanged=frozenset(unchanged))


def apply_built(
    desk: Desk,
    numbers: Sequence[int],
    build: Callable[[Desk], Action],
    *,
    rest: bool = False,
    versions: Mapping[int, int] | None = None,
) -> Outcome:
    """Do one action that is built from what the desk knows; see :func:`apply`."""
    return apply(desk, numbers, [build(desk)], rest=rest, versions=versions)


def _one(
    desk: Desk,
    session: Session,
    number: int,
    seen: int | None,
    actions: Sequence[Action],
) -> Change:
    """Do all actions as one change of a ticket; return it."""
    change = begin(desk, session, number, [action.verb for action in actions], seen)
    for action in actions:
        require_allowed(action.verb, change.ticket.state, change.ref)
        action.apply(desk, change)
    change.finish()
    return change


def require_done(outcome: Outcome, *, hint: str = "") -> None:
    """Raise what was refused, as one error that names each ticket.

    :raises ConflictError: if others changed each of the refused tickets first.
    :raises RefusedError: otherwise.
    """
    if not outcome.refused:
        return
    if len(outcome.refused) == 1 and not outcome.done and not outcome.would:
        raise outcome.refused[0].error
    reasons = "; ".join(named(one) for one in outcome.refused)
    count = f"{len(outcome.refused)} of {_all(outcome)} tickets refused it"
    before = f"{count}, the others are done" if outcome.done else f"{count}, nothing was done"
    sentence = f"{before}: {reasons}{hint}."
    if all(isinstance(one.error, ConflictError) for one in outcome.refused):
        raise ConflictError(sentence)
    raise RefusedError(sentence)


def named(refusal: Refusal) -> str:
    """Return a refusal that names its ticket, without the full stop."""
    sentence = refusal.sentence.rstrip(".")
    name = ref(refusal.number)
    return sentence if name in sentence else f"{name}: {sentence}"


def _all(outcome: Outcome) -> int:
    return len(outcome.refused) + len(outcome.done) + len(outcome.would)
