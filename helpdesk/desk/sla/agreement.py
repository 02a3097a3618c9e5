"""The SLA agreement of a ticket: the SLA that fits it, with its calendar and targets."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any, Protocol

from sqlalchemy.orm import Session

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.selection import choose_policy
from helpdesk.domain.sla.targets import NextUpdateFrom, Targets
from helpdesk.domain.support_hours import SupportCalendar, parse_calendar
from helpdesk.domain.ticket import Channel, Kind, somebody_asked
from helpdesk.store import policies
from helpdesk.store.models import Contract, SlaPolicy, SlaTarget, Ticket
from helpdesk.store.ticket import relations


@dataclass(frozen=True, slots=True)
class SlaAgreement:
    """An SLA agreement: an SLA of the policy with its targets for one priority.

    :ivar policy: the name of the SLA.
    :ivar version: the version of the policy that contains it.
    :ivar calendar_name: the name of its support hours.
    """

    policy_id: int
    policy: str
    version: int
    calendar_id: int
    calendar_name: str
    calendar: SupportCalendar
    targets: Targets

    def as_data(self) -> dict[str, Any]:
        """Return the data for the timeline entry, from which the clocks are computed later."""
        return {
            "policy": self.policy,
            "version": self.version,
            "calendar": self.calendar_id,
            "support_hours": self.calendar_name,
            "first_response_s": self.targets.first_response_s,
            "next_update_s": self.targets.next_update_s,
            "resolution_s": self.targets.resolution_s,
            "next_update_from": self.targets.next_update_from,
            "has_requester": self.targets.has_requester,
        }

    def for_asked(self, kind: Kind, channel: Channel, *, named: bool) -> "SlaAgreement":
        """Return the agreement of a ticket that has, or has not, somebody to answer.

        :param named: whether the ticket names any requester.
        """
        asked = somebody_asked(kind, channel, named=named)
        return replace(self, targets=replace(self.targets, has_requester=asked))


class PolicyLookup(Protocol):
    """Access to one version of the policy, either a stored one or a draft."""

    @property
    def version(self) -> int:
        """The number of this version of the policy."""

    def contract(self, customer_id: int | None) -> Contract | None:
        """Return the contract of a customer, or None."""

    def fitting(
        self, customer_id: int | None, service_id: int | None, kind: Kind
    ) -> Iterable[SlaPolicy]:
        """Return the SLAs that fit a ticket of this customer, service and kind."""

    def calendar(self, number: int) -> tuple[str, SupportCalendar]:
        """Return the name and the support hours of a calendar."""

    def targets(self, sla_id: int, priority: Priority) -> Targets:
        """Return the targets of an SLA for a priority."""

    def rules(self) -> DeskRules:
        """Return the desk's own rules."""


class StoredPolicyLookup:
    """Access to the policy in force, which is stored in the database."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.version = policies.current_version(session)

    def contract(self, customer_id: int | None) -> Contract | None:
        """Return the contract of a customer, or None."""
        return policies.contract(self._session, self.version, customer_id)

    def fitting(
        self, customer_id: int | None, service_id: int | None, kind: Kind
    ) -> Iterable[SlaPolicy]:
        """Return the SLAs that fit a ticket of this customer, service and kind."""
        return policies.matching_slas(self._session, self.version, customer_id, service_id, kind)

    def calendar(self, number: int) -> tuple[str, SupportCalendar]:
        """Return the name and the support hours of a calendar."""
        stored = policies.calendar(self._session, number)
        return stored.name, calendar_of(stored.hours)

    def targets(self, sla_id: int, priority: Priority) -> Targets:
        """Return the targets of an SLA for a priority."""
        stored = policies.target(self._session, sla_id, priority) or SlaTarget()
        return Targets(stored.first_response_s, stored.next_update_s, stored.resolution_s)

    def rules(self) -> DeskRules:
        """Return the desk's own rules."""
        return PolicyArchive(self._session).rules(self.version)


def for_facts(
    policy: PolicyLookup,
    customer_id: int | None,
    service_id: int | None,
    kind: Kind,
    priority: Priority,
    at: datetime,
) -> SlaAgreement:
    """Return the SLA agreement of a ticket with these properties.

    :param policy: the version of the policy to use.
    :param at: the time of the agreement (UTC).  A customer whose contract has not begun or has
        ended then is treated like one without a contract.
    :raises RefusedError: if no SLA fits, or the SLA has no support hours.
    """
    contract = policy.contract(customer_id)
    if contract is None or not is_valid(contract, at):
        customer_id, contract = None, None
    sla = choose_policy(
        policy.fitting(customer_id, service_id, kind), customer_id, service_id, kind
    )
    # An SLA for all customers counts in the customer's own support hours, if they have any; an SLA
    # of the customer counts in the hours that it names.
    own = contract.calendar_id if contract is not None else None
    numbers = (own, sla.calendar_id) if sla.customer_id is None else (sla.calendar_id, own)
    calendar_id = next((number for number in numbers if number is not None), None)
    if calendar_id is None:
        raise RefusedError(f"the SLA {sla.name!r} has no support hours: name its calendar.")
    name, calendar = policy.calendar(calendar_id)
    return SlaAgreement(
        policy_id=sla.id,
        policy=sla.name,
        version=policy.version,
        calendar_id=calendar_id,
        calendar_name=name,
        calendar=calendar,
        targets=replace(
            policy.targets(sla.id, priority),
            next_update_from=policy.rules().start_of_next_update(sla.name),
        ),
    )


def for_ticket(
    session: Session, ticket: Ticket, at: datetime, targets_of: Priority | None = None
) -> SlaAgreement:
    """Return the SLA agreement of a ticket under the policy in force.

    :param at: as for :func:`for_facts`.
    :param targets_of: the priority whose targets apply; None: the ticket's own.
    :raises RefusedError: as :func:`for_facts`.
    """
    found = for_facts(
        StoredPolicyLookup(session),
        ticket.customer_id,
        ticket.service_id,
        ticket.kind,
        targets_of or ticket.priority,
        at,
    )
    named = ticket.requester_id is not None
    named = named or bool(relations.have_further_requesters(session, [ticket.id]))
    return found.for_asked(ticket.kind, ticket.channel, named=named)


def is_valid(contract: Contract, at: datetime) -> bool:
    """Return whether a contract has begun and not ended at a time (UTC)."""
    return (contract.starts_at is None or contract.starts_at <= at) and (
        contract.ends_at is None or at < contract.ends_at
    )


class PolicyArchive:
    """Stored calendars and rulebooks by the ids that timelines contain; read once, then cached."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._calendars: dict[int, SupportCalendar] = {}
        self._rules: dict[int, DeskRules] = {}

    def calendar(self, number: int) -> SupportCalendar:
        """Return the calendar of an id."""
        if number not in self._calendars:
            stored = policies.calendar(self._session, number)
            self._calendars[number] = calendar_of(stored.hours)
        return self._calendars[number]

    def rules(self, version: int) -> DeskRules:
        """Return the rulebook of a version of the policy; an empty one if it is missing."""
        if version not in self._rules:
            stored = policies.version(self._session, version)
            self._rules[version] = rulebook_of(stored.rules) if stored else DeskRules()
        return self._rules[version]

    @cached_property
    def rules_in_force(self) -> DeskRules:
        """The rulebook of the policy that is in force."""
        return self.rules(policies.current_version(self._session))


def rules_in_force(session: Session) -> DeskRules:
    """Return the rulebook of the policy that is in force."""
    return PolicyArchive(session).rules_in_force


def targets_from(data: Mapping[str, Any]) -> Targets:
    """Return the targets of an agreement from the data that its ``as_data`` returned."""
    return Targets(
        first_response_s=data["first_response_s"],
        next_update_s=data["next_update_s"],
        resolution_s=data["resolution_s"],
        # Agreements that were recorded by versions before 0.2 lack these.
        next_update_from=NextUpdateFrom(data.get("next_update_from", NextUpdateFrom.RECEIVED)),
        has_requester=data.get("has_requester", True),
    )


def calendar_of(hours: Mapping[str, Any]) -> SupportCalendar:
    """Return the calendar of stored support hours; equal hours give the same object."""
    return _calendar(json.dumps(hours, sort_keys=True))


def rulebook_of(rules: Mapping[str, Any]) -> DeskRules:
    """Return a stored rulebook; equal documents give the same object."""
    return _rulebook(json.dumps(rules, sort_keys=True))


@lru_cache(maxsize=256)
def _calendar(document: str) -> SupportCalendar:
    return parse_calendar(json.loads(document))


@lru_cache(maxsize=32)
def _rulebook(document: str) -> DeskRules:
    return DeskRules.from_document(json.loads(document))
