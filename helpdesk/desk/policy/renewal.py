"""Bring the clocks of a desk under this program's rules, after an upgrade from an older version.

A version of the policy that an older program applied lacks what newer rules of the clocks need:
what starts the next update, and the support hours of each level.  Its tickets go on by the old
rules, and those that have ended keep their figures for ever.  The renewal stores the policy in
force once more, as a new version with the newer rules, and computes the clocks of the open tickets
again, as after any other change of the policy: in one transaction, after a preview.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.policy import recompute
from helpdesk.desk.policy.draft import RowNumbers
from helpdesk.desk.policy.recompute import ClockMove, Recomputation, RecomputeProgress
from helpdesk.desk.sla.agreement import StoredPolicyLookup, calendar_of, rulebook_of
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.domain.ticket import Kind, ref
from helpdesk.store import policies
from helpdesk.store.database.database import Database
from helpdesk.store.models import Contract, PolicyVersion, SlaPolicy
from helpdesk.store.people import people

#: The part of a stored version of the policy that versions of the program before 0.2 did not write.
_NEWER = "next_update_from"


@dataclass(frozen=True, slots=True)
class RenewedTicket:
    """An open ticket with clocks that move."""

    ref: str
    policy: str
    clocks: tuple[ClockMove, ...]


@dataclass(frozen=True, slots=True)
class ClockRenewal:
    """What the renewal would change, or has changed.

    :ivar version: the number of the new version of the policy.
    :ivar open_tickets: how many tickets are active.
    :ivar changes: the tickets with clocks that move, by number.
    """

    version: int
    label: str
    open_tickets: int
    changes: tuple[RenewedTicket, ...]

    @property
    def clocks(self) -> int:
        """How many clocks move."""
        return sum(len(ticket.clocks) for ticket in self.changes)

    @property
    def breached(self) -> int:
        """How many of these clocks are overdue because of the change."""
        moves = (clock for ticket in self.changes for clock in ticket.clocks)
        return sum(clock.breached_at_once for clock in moves)


def is_due(session: Session) -> bool:
    """Return whether the clocks of the desk still follow the rules of an older program."""
    stored = policies.version(session, policies.current_version(session))
    return stored is not None and _NEWER not in stored.rules


def preview(database: Database, now: datetime, progress: RecomputeProgress) -> ClockRenewal | None:
    """Return what the renewal would change, without changing anything; None if none is due."""
    with database.read(as_desk=True) as session:
        if not is_due(session):
            return None
        renewed = RenewedPolicy(session)
        return _summary(renewed, recompute.compute_changes(session, renewed, now, progress))


def renew(
    database: Database, login: str, now: datetime, progress: RecomputeProgress
) -> ClockRenewal | None:
    """Bring the clocks of all open tickets under the newer rules, in one transaction.

    Most is computed before the transaction, so that others can work meanwhile.  If the process is
    killed, nothing has changed, and the next call does it all.

    :param login: whose doing it is.
    :returns: what has changed; None if no renewal was due.
    """
    with database.read(as_desk=True) as session:
        if not is_due(session):
            return None
        outlook = recompute.compute_changes(session, RenewedPolicy(session), now, progress)
    with database.write(as_desk=True) as session:
        if not is_due(session):
            return None  # another process has done it meanwhile
        renewed = RenewedPolicy(session)
        outlook = recompute.update_changes(session, renewed, outlook, now)
        agent = people.agent(session, login)
        actor_id = agent.id if agent else None
        numbers = renewed.store(session, actor_id, now)
        # Tickets for which nothing changes are not written, so that others wait less.
        changed = {
            number: move
            for number, move in outlook.moves.items()
            if move.agreement_changes or move.moves
        }
        needed = Recomputation(changed, outlook.event)
        recompute.store(session, renewed, numbers, needed, actor_id)
        return _summary(renewed, outlook)


def _summary(renewed: "RenewedPolicy", outlook: Recomputation) -> ClockRenewal:
    changes = (
        RenewedTicket(ref(number), move.promise.policy, move.moves)
        for number, move in sorted(outlook.moves.items())
        if move.moves
    )
    return ClockRenewal(renewed.version, renewed.label, len(outlook.moves), tuple(changes))


class RenewedPolicy:
    """The policy in force as the version that follows it, with the newer rules of the clocks."""

    def __init__(self, session: Session) -> None:
        stored = policies.version(session, policies.current_version(session))
        if stored is None:
            raise ValueError("a desk without a policy has no clocks to renew")
        self.version = stored.id + 1
        self.label = stored.label
        self._stored = stored
        self._lookup = StoredPolicyLookup(session)
        calendars = policies.newest_calendars(session)
        rules = rulebook_of(stored.rules)
        self._rules = replace(
            rules,
            next_update_from=DeskRules().next_update_from,
            levels={
                level: replace(terms, calendar=calendar_of(calendars[terms.hours].hours))
                if terms.hours in calendars
                else terms
                for level, terms in rules.levels.items()
            },
        )

    def contract(self, customer_id: int | None) -> Contract | None:
        """Return the contract of a customer, or None."""
        return self._lookup.contract(customer_id)

    def fitting(
        self, customer_id: int | None, service_id: int | None, kind: Kind
    ) -> Iterable[SlaPolicy]:
        """Return the SLAs that fit a ticket of this customer, service and kind."""
        return self._lookup.fitting(customer_id, service_id, kind)

    def calendar(self, number: int) -> tuple[str, SupportCalendar]:
        """Return the name and the support hours of a calendar."""
        return self._lookup.calendar(number)

    def targets(self, sla_id: int, priority: Priority) -> Targets:
        """Return the targets of an SLA for a priority."""
        return self._lookup.targets(sla_id, priority)

    def rules(self) -> DeskRules:
        """Return the desk's own rules."""
        return self._rules

    def store(self, session: Session, applied_by: int | None, now: datetime) -> RowNumbers:
        """Store all rows; the version is in force from the end of the transaction on.

        :param applied_by: the row number of the agent, if it is one.
        """
        before = self._stored.id
        rules = self._rules.as_document()
        version = PolicyVersion(
            id=self.version,
            label=self.label,
            text=self._stored.text,
            rules=rules,
            applied_at=now,
            applied_by=applied_by,
        )
        policies.add_version(session, version)
        return RowNumbers(slas=policies.copy_rows(session, before, self.version))
