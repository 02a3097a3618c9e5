"""Check, preview, apply and show the policy."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.policy import confidential_text, recompute
from helpdesk.desk.policy.draft import PolicyDraft
from helpdesk.desk.policy.files import PolicyText, check_text, require_policy, starter_text
from helpdesk.desk.policy.recompute import ClockMove, Recomputation, RecomputeProgress
from helpdesk.desk.seen_version import CurrentVersion, require_seen
from helpdesk.desk.session import Desk
from helpdesk.desk.zone import use_zone_in_force
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import ref
from helpdesk.policy import Policy, PolicyFinding, PolicyReading
from helpdesk.store import policies
from helpdesk.store.database import visibility
from helpdesk.store.people import people


@dataclass(frozen=True, slots=True)
class PolicyVersionView:
    """A version of the policy.

    :ivar label: the name of the policy, from its file.
    :ivar text: the text of the policy file.
    :ivar applied_by: the login of the agent who applied it; "" for the first one of a desk.
    """

    number: int
    label: str
    text: str
    applied_at: datetime
    applied_by: str


@dataclass(frozen=True, slots=True)
class OpenTicketChange:
    """An open ticket with clocks that move.

    :ivar policy: the name of the SLA that applies to it afterwards.
    """

    ref: str
    policy: str
    clocks: tuple[ClockMove, ...]


@dataclass(frozen=True, slots=True)
class PolicyPreview:
    """What applying a policy would change, or has changed.

    :ivar version: the number of the new version.
    :ivar open_tickets: how many tickets are active.
    :ivar clocks: how many of their clocks move.
    :ivar breached: how many of these clocks are overdue because of the change.
    :ivar changes: the tickets with such clocks, by number.
    :ivar is_partial: whether there are customers whose tickets the acting agent may not see: the
        policy changes these, too, but they are neither counted nor listed.
    """

    version: int
    label: str
    open_tickets: int
    clocks: int
    breached: int
    changes: tuple[OpenTicketChange, ...]
    is_partial: bool


def check(policy: PolicyText, now: datetime) -> tuple[PolicyFinding, ...]:
    """Return every mistake in a policy and what is probably not meant, each with its line.

    This needs no desk, and so does not know the agents.
    """
    return _all_findings(check_text(policy, now))


def check_for_desk(desk: Desk, policy: PolicyText) -> tuple[PolicyFinding, ...]:
    """Return what :func:`check` does, and which agents this desk does not know."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        agents = {agent.login: agent.active for agent in people.agents(session)}
    return _all_findings(check_text(policy, desk.now(), agents))


def _all_findings(reading: PolicyReading) -> tuple[PolicyFinding, ...]:
    return tuple(sorted((*reading.findings, *reading.warnings)))


def check_in_force(desk: Desk) -> tuple[PolicyFinding, ...]:
    """Return mistakes in the policy in force, such as a contract that has ended since."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        newest, _ = policies.versions(session)[0]
        in_force = PolicyText(newest.text, "the policy in force", names_files=True)
        secrets = _secrets(desk, session)
    found = check_for_desk(desk, in_force)
    return tuple(one for one in found if not confidential_text.names_any(str(one), secrets))


def preview(
    desk: Desk, text: PolicyText, progress: RecomputeProgress = lambda done, of: None
) -> PolicyPreview:
    """Return what applying a policy now would change, without changing anything.

    :param progress: called with the number of tickets computed and the number of all.
    :raises RefusedError: if it has a mistake.
    """
    desk.require(Right.READ)
    policy = require_policy(text, desk.now())
    with desk.database.read(as_desk=True) as session:
        draft = PolicyDraft(session, policy)
        outlook = recompute.compute_changes(session, draft, desk.now(), progress)
    return _preview(desk, draft, outlook)


def apply(
    desk: Desk,
    text: PolicyText,
    progress: RecomputeProgress = lambda done, of: None,
    version: int | None = None,
) -> PolicyPreview:
    """Put a policy into force for all open and all future tickets, in one transaction.

    The new clocks of open tickets are computed before the transaction, so that it does not block
    other agents; only tickets that they change meanwhile are computed again within it.

    :param progress: called with the number of tickets computed and the number of all.
    :param version: the version in force that the person has seen; None: any.
    :raises RefusedError: if it has a mistake; nothing is changed then.
    :raises ConflictError: if somebody else has applied another version meanwhile.
    """
    desk.require(Right.MANAGE_POLICY)
    policy = require_policy(text, desk.now())
    with desk.database.read(as_desk=True) as session:
        draft = PolicyDraft(session, policy)
        require_seen(version, _version_in_force(session))
        outlook = recompute.compute_changes(session, draft, desk.now(), progress)
    with desk.database.write(as_desk=True) as session:
        # Customers and services may have been added since, so the rows need new numbers.
        final = PolicyDraft(session, policy)
        require_seen(draft.version - 1, _version_in_force(session))
        outlook = recompute.update_changes(session, final, outlook, desk.now())
        numbers = final.store(session, desk.agent_id, desk.now())
        recompute.store(session, final, numbers, outlook, desk.agent_id)
    seen = _preview(desk, draft, outlook)
    desk.database.forget_visibility()
    use_zone_in_force(desk.database)
    return seen


def _version_in_force(session: Session) -> CurrentVersion:
    newest, login = policies.versions(session)[0]
    return CurrentVersion("the policy", newest.id, login, newest.applied_at, "helpdesk policy show")


def apply_starter(session: Session, now: datetime) -> None:
    """Put the starter policy into force on a new desk."""
    apply_to_new_desk(session, require_policy(PolicyText(starter_text(), "starter.toml"), now), now)


def apply_to_new_desk(session: Session, policy: Policy, now: datetime) -> None:
    """Put a policy into force on a desk without tickets."""
    PolicyDraft(session, policy).store(session, None, now)


def show(desk: Desk, number: int | None = None) -> PolicyVersionView:
    """Return a version of the policy, by default the one in force.

    :raises NotFoundError: if there is no version with that number.
    """
    for view in versions(desk):
        if number in (None, view.number):
            return view
    raise NotFoundError(f"there is no version {number} of the policy; see 'helpdesk policy show'.")


def versions(desk: Desk) -> tuple[PolicyVersionView, ...]:
    """Return all versions of the policy, newest first.

    Who may neither change the policy nor read the audit trail gets the text without what it says
    about customers who are confidential to others.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        secrets = _secrets(desk, session)
        return tuple(
            PolicyVersionView(
                row.id,
                row.label,
                confidential_text.without(row.text, secrets),
                row.applied_at,
                login,
            )
            for row, login in policies.versions(session)
        )


def _secrets(desk: Desk, session: Session) -> frozenset[str]:
    """Return the words of the policy that the acting agent may not read."""
    if desk.may(Right.MANAGE_POLICY) or desk.may(Right.AUDIT):
        return frozenset()
    return confidential_text.secrets(session)


def _preview(desk: Desk, draft: PolicyDraft, outlook: Recomputation) -> PolicyPreview:
    with desk.database.read() as session:
        is_partial = bool(visibility.hidden_customers(session))
        hidden = visibility.hidden_tickets(session)
    moves = {number: move for number, move in sorted(outlook.moves.items()) if number not in hidden}
    changes = [
        OpenTicketChange(ref(number), move.promise.policy, move.moves)
        for number, move in moves.items()
        if move.moves
    ]
    clocks = [clock for change in changes for clock in change.clocks]
    return PolicyPreview(
        version=draft.version,
        label=draft.policy.label,
        open_tickets=len(moves),
        clocks=len(clocks),
        breached=sum(clock.breached_at_once for clock in clocks),
        changes=tuple(changes),
        is_partial=is_partial,
    )
