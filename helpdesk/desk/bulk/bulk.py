"""Apply actions to one or many tickets in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.desk.unit_of_work.recorder import TicketChange
from helpdesk.desk.unit_of_work.transaction import begin
from helpdesk.domain.errors import (
    ConflictError,
    DeskError,
    HiddenError,
    NotPermittedError,
    RefusedError,
)
from helpdesk.domain.i18n import n_
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref, require_allowed

#: The most tickets for one transaction: with more, other writers would wait for too long.
MAX_TICKETS = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """A ticket that refused an action, and the error."""

    number: int
    error: DeskError

    @property
    def sentence(self) -> str:
        """The reason, as one sentence."""
        return str(self.error)


@dataclass(frozen=True, slots=True)
class BulkOutcome:
    """The result for each ticket.

    :ivar done: the tickets to which the actions were applied, with the version of each now.
    :ivar refused: the tickets that refused an action; nothing was changed on them.
    :ivar would: the tickets that would have been changed, if all were rolled back because some
        refused; ``done`` is empty then.
    :ivar unchanged: the tickets in ``done`` that already were as the actions would leave them.
    :ivar elsewhere: for the tickets in ``done`` that were merged or are closed, the ticket that
        goes on for them, which the action changed or made instead.
    :ivar unreached: a sentence for everybody whom the texts mention and who gets no notice of it.
    """

    done: Mapping[int, int]
    refused: tuple[Refusal, ...] = ()
    would: tuple[int, ...] = ()
    unchanged: frozenset[int] = frozenset()
    elsewhere: Mapping[int, int] = field(default_factory=dict)
    unreached: tuple[str, ...] = ()

    @property
    def made(self) -> dict[int, int]:
        """The tickets that were really changed, with the version of each now."""
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
) -> BulkOutcome:
    """Apply the actions, in order, to each of these tickets in one transaction.

    For each ticket, either all actions are applied or none.  An attempt to change a ticket that is
    hidden from the agent is recorded in the audit trail.

    :param actions: the actions for all tickets, or by ticket number.
    :param rest: if some tickets refuse, change the other ones anyway; else roll back everything.
    :param versions: the version of each ticket that the agent has seen, by ticket number.
    :raises NotPermittedError: if the agent has no right to one of the actions; nothing is changed.
    :raises RefusedError: if there is no ticket, or more than :data:`MAX_TICKETS`.
    """
    desk.require(Right.WORK)
    numbers = list(dict.fromkeys(numbers))
    if not 0 < len(numbers) <= MAX_TICKETS:
        raise RefusedError(
            f"{len(numbers):,} tickets are marked; at most {MAX_TICKETS} can be changed at once: "
            "name fewer."
            if numbers
            else "no ticket is named: write its number, or mark some with Space."
        )
    outcome = _apply_all(desk, numbers, actions, versions or {}, rest=rest)
    for refusal in outcome.refused:
        if isinstance(refusal.error, HiddenError):
            desk.database.record_refusal(refusal.error.reason)
    return outcome


def _apply_all(
    desk: Desk,
    numbers: Sequence[int],
    actions: Sequence[Action] | Mapping[int, Sequence[Action]],
    versions: Mapping[int, int],
    *,
    rest: bool,
) -> BulkOutcome:
    done: dict[int, int] = {}
    refused: list[Refusal] = []
    unchanged: set[int] = set()
    elsewhere: dict[int, int] = {}
    unreached: dict[str, None] = {}
    with desk.database.write() as session:
        for number in numbers:
            own_actions = actions[number] if isinstance(actions, Mapping) else actions
            try:
                with session.begin_nested():
                    change = _apply_to_one(desk, session, number, versions.get(number), own_actions)
            except NotPermittedError:
                raise
            except DeskError as error:
                refused.append(Refusal(number, error))
            else:
                done[number] = change.ticket.version
                if change.goes_on_in:
                    elsewhere[number] = change.goes_on_in
                unreached |= dict.fromkeys(change.unreached)
                if not change.has_changes:
                    unchanged.add(number)
        if refused and not rest:
            session.rollback()
            return BulkOutcome({}, tuple(refused), tuple(done))
    return BulkOutcome(
        done,
        tuple(refused),
        unchanged=frozenset(unchanged),
        elsewhere=elsewhere,
        unreached=tuple(unreached),
    )


def apply_built(
    desk: Desk,
    numbers: Sequence[int],
    build: Callable[[Desk], Action],
    *,
    rest: bool = False,
    versions: Mapping[int, int] | None = None,
    before: Sequence[Action] = (),
) -> BulkOutcome:
    """Apply one action that must be built from data of the desk; see :func:`apply`.

    :param before: the actions to apply before it.
    """
    return apply(desk, numbers, [*before, build(desk)], rest=rest, versions=versions)


def _apply_to_one(
    desk: Desk,
    session: Session,
    number: int,
    seen: int | None,
    actions: Sequence[Action],
) -> TicketChange:
    """Apply all actions as one change of a ticket; return the change."""
    change = begin(desk, session, number, [action.verb for action in actions], seen)
    for action in actions:
        require_allowed(action.verb, change.ticket.state, change.ref)
        action.apply(desk, change)
    change.finish()
    return change


def require_done(outcome: BulkOutcome, *, hint: str = "") -> None:
    """Raise one error that names every ticket that refused; do nothing if none did.

    :param hint: is appended to the sentence, before its full stop.
    :raises ConflictError: if all refusals are conflicts with changes by others.
    :raises RefusedError: otherwise; the error itself if there was only one ticket.
    """
    if not outcome.refused:
        return
    if len(outcome.refused) == 1 and not outcome.done and not outcome.would:
        raise outcome.refused[0].error
    reasons = "; ".join(refusal_text(refusal) for refusal in outcome.refused)
    count = n_(
        "{n} of {all} ticket refused it", "{n} of {all} tickets refused it", _total(outcome)
    ).format(n=len(outcome.refused), all=_total(outcome))
    result = f"{count}, the others are done" if outcome.done else f"{count}, nothing was done"
    sentence = f"{result}: {reasons}{hint}."
    if all(isinstance(refusal.error, ConflictError) for refusal in outcome.refused):
        raise ConflictError(sentence)
    raise RefusedError(sentence)


def refusal_text(refusal: Refusal) -> str:
    """Return the sentence of a refusal with the ticket's reference, without the full stop."""
    sentence = refusal.sentence.rstrip(".")
    reference = ref(refusal.number)
    return sentence if reference in sentence else f"{reference}: {sentence}"


def _total(outcome: BulkOutcome) -> int:
    return len(outcome.refused) + len(outcome.done) + len(outcome.would)
