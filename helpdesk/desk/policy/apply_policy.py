"""Check, preview, apply and show the policy."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from helpdesk.desk.policy import recompute
from helpdesk.desk.policy.draft import Draft
from helpdesk.desk.policy.files import check_text, read_text, require_policy, starter_text
from helpdesk.desk.policy.recompute import ClockMove, Outlook, Progress
from helpdesk.desk.seen_version import Standing, require_seen
from helpdesk.desk.session import Desk
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref
from helpdesk.policy import Finding, Policy
from helpdesk.store import policies


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version of the policy; ``applied_by`` is "" for the one that a desk begins with."""

    number: int
    label: str
    text: str
    applied_at: datetime
    applied_by: str


@dataclass(frozen=True, slots=True)
class OpenTicketChange:
    """An open ticket with a clock that moves, and the SLA under which it comes to stand."""

    ref: str
    policy: str
    clocks: tuple[ClockMove, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a policy would do, or has done.

    :ivar version: the number that it would have, or has.
    :ivar clocks: how many clocks move; ``breached`` of them are overdue at once by the change.
    :ivar changes: the tickets with such clocks, by number.
    """

    version: int
    label: str
    open_tickets: int
    clocks: int
    breached: int
    changes: tuple[OpenTicketChange, ...]


def check(text: str, folder: Path | None, now: datetime) -> tuple[Finding, ...]:
    """Return every mistake in a policy, with its line; it needs no desk."""
    return check_text(text, folder, now).findings


def check_file(file: Path, now: datetime) -> tuple[Finding, ...]:
    """Return every mistake in a policy file.

    :raises RefusedError: if it cannot be read.
    """
    return check(read_text(file), file.parent, now)


def check_in_force(desk: Desk) -> tuple[Finding, ...]:
    """Return what has become wrong with the policy in force, such as a contract that has ended."""
    return check(show(desk).text, None, desk.now())


def preview(desk: Desk, file: Path, progress: Progress = lambda done, of: None) -> Preview:
    """Return what applying a policy file now would change, changing nothing.

    :raises RefusedError: if the file has a mistake.
    """
    desk.require(Right.READ)
    policy = require_policy(read_text(file), str(file), file.parent, desk.now())
    with desk.database.read(as_desk=True) as session:
        draft = Draft(session, policy)
        return _preview(draft, recompute.look_ahead(session, draft, desk.now(), progress))


def apply(
    desk: Desk,
    file: Path,
    progress: Progress = lambda done, of: None,
    version: int | None = None,
) -> Preview:
    """Bring a policy file into force for all open and all later tickets, in one transaction.

    What it makes of the open tickets is computed first, while others work; only what they have
    changed meanwhile is computed again within the transaction.

    :param version: the version in force that the person has seen.
    :raises RefusedError: if the file has a mistake; nothing is applied in part.
    :raises ConflictError: if somebody else has applied another one since, or meanwhile.
    """
    desk.require(Right.MANAGE_POLICY)
    policy = require_policy(read_text(file), str(file), file.parent, desk.now())
    with desk.database.read(as_desk=True) as session:
        draft = Draft(session, policy)
        require_seen(version, _standing(session))
        outlook = recompute.look_ahead(session, draft, desk.now(), progress)
    with desk.database.write(as_desk=True) as session:
        # Customers and services may have come since: number the rows anew.
        again = Draft(session, policy)
        require_seen(draft.version - 1, _standing(session))
        outlook = recompute.look_again(session, again, outlook, desk.now())
        numbers = again.store(session, desk.agent_id, desk.now())
        recompute.store(session, again, numbers, outlook, desk.agent_id)
    desk.database.look_anew()
    return _preview(draft, outlook)


def _standing(session: Session) -> Standing:
    newest, login = policies.versions(session)[0]
    return Standing("the policy", newest.id, login, newest.applied_at, "helpdesk policy show")


def establish(session: Session, now: datetime) -> None:
    """Let a new desk begin with the starter policy."""
    begin_with(session, require_policy(starter_text(), "starter.toml", None, now), now)


def begin_with(session: Session, policy: Policy, now: datetime) -> None:
    """Bring a policy into force on a desk without tickets."""
    Draft(session, policy).store(session, None, now)


def show(desk: Desk, number: int | None = None) -> VersionView:
    """Return a version of the policy, by default the one in force.

    :raises NotFoundError: if there is none of that number.
    """
    for view in versions(desk):
        if number in (None, view.number):
            return view
    raise NotFoundError(f"there is no version {number} of the policy; see 'helpdesk policy show'.")


def versions(desk: Desk) -> tuple[VersionView, ...]:
    """Return all versions of the policy, newest first."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        return tuple(
            VersionView(one.id, one.label, one.text, one.applied_at, login)
            for one, login in policies.versions(session)
        )


def _preview(draft: Draft, outlook: Outlook) -> Preview:
    changes = [
        OpenTicketChange(ref(number), move.promise.policy, move.moves)
        for number, move in sorted(outlook.moves.items())
        if move.moves
    ]
    clocks = [clock for change in changes for clock in change.clocks]
    return Preview(
        version=draft.version,
        label=draft.policy.label,
        open_tickets=len(outlook.moves),
        clocks=len(clocks),
        breached=sum(clock.breached_at_once for clock in clocks),
        changes=tuple(changes),
    )
