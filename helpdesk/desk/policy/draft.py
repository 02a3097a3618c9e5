"""Turn a policy into database rows that are not stored yet.

New rows have provisional numbers below zero until :meth:`PolicyDraft.store` gives them their
real ones.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from helpdesk.desk.sla import agreement
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.targets import Targets
from helpdesk.domain.support_hours import SupportCalendar, dump_calendar
from helpdesk.domain.ticket import Kind
from helpdesk.policy import Policy
from helpdesk.policy.customers import ContractTerms
from helpdesk.store import policies
from helpdesk.store.models import (
    Calendar,
    Contract,
    Customer,
    PolicyVersion,
    Service,
    SlaPolicy,
    SlaTarget,
)
from helpdesk.store.people import people

_NO_TARGETS = Targets(None, None, None)


@dataclass(frozen=True, slots=True)
class RowNumbers:
    """The real row numbers of new calendars and SLAs, by their provisional ones."""

    calendars: dict[int, int] = field(default_factory=dict)
    slas: dict[int, int] = field(default_factory=dict)


class PolicyDraft:
    """The rows of the version of the policy that follows the one in force.

    Like the stored policy, it can be asked for contracts, SLAs, calendars and targets.
    """

    def __init__(self, session: Session, policy: Policy) -> None:
        self.policy = policy
        self.version = policies.current_version(session) + 1
        self._calendars = _calendars(session, policy)
        self._numbers = {row.name: row.id for row in self._calendars}
        self._by_number = {row.id: row for row in self._calendars}
        self._customers = _row_numbers(
            policy.customers, {row.name: row.id for row in people.every_customer(session)}
        )
        self._services = _row_numbers(
            policy.services, {row.name: row.id for row in people.services(session)}
        )
        self._contracts = {
            self._customers[name]: self._contract(name, terms)
            for name, terms in policy.customers.items()
        }
        self._targets: dict[tuple[int, Priority], Targets] = {}
        self._slas = list(self._sla_rows())

    def contract(self, customer_id: int | None) -> Contract | None:
        """Return the contract of a customer, or None."""
        return self._contracts.get(customer_id or 0)

    def fitting(
        self,
        customer_id: int | None,
        service_id: int | None,
        kind: Kind,
    ) -> Iterable[SlaPolicy]:
        """Return the SLAs that may apply to such a ticket; here simply all of them."""
        return self._slas

    def calendar(self, number: int) -> tuple[str, SupportCalendar]:
        """Return a calendar's name and hours."""
        row = self._by_number[number]
        return row.name, agreement.calendar_of(row.hours)

    def targets(self, sla_id: int, priority: Priority) -> Targets:
        """Return the targets of an SLA at a priority."""
        return self._targets.get((sla_id, priority), _NO_TARGETS)

    def rules(self) -> DeskRules:
        """Return the desk's own rules."""
        return self.policy.rulebook

    def store(self, session: Session, applied_by: int | None, now: datetime) -> RowNumbers:
        """Store all rows; the policy is in force from the end of the transaction.

        :param applied_by: the row number of the agent; None for a new desk.
        """
        policies.add_version(
            session,
            PolicyVersion(
                id=self.version,
                label=self.policy.label,
                text=self.policy.text,
                rules=self.policy.rulebook.as_document(),
                applied_at=now,
                applied_by=applied_by,
            ),
        )
        calendars = self._store_calendars(session)
        customers = self._store_customers(session)
        services = self._store_services(session)
        for contract in self._contracts.values():
            contract.customer_id = customers.get(contract.customer_id, contract.customer_id)
            contract.calendar_id = calendars.get(contract.calendar_id or 0, contract.calendar_id)
            session.add(contract)
        slas = {}
        for row in self._slas:
            provisional, row.id = row.id, None  # type: ignore[assignment]  # numbered by the database
            row.calendar_id = calendars.get(row.calendar_id or 0, row.calendar_id)
            row.customer_id = customers.get(row.customer_id or 0, row.customer_id)
            row.service_id = services.get(row.service_id or 0, row.service_id)
            session.add(row)
            session.flush()  # One by one, so that their numbers follow the order of the file.
            slas[provisional] = row.id
        session.add_all(
            SlaTarget(
                policy_id=slas[sla_id],
                priority=priority,
                first_response_s=targets.first_response_s,
                next_update_s=targets.next_update_s,
                resolution_s=targets.resolution_s,
            )
            for (sla_id, priority), targets in self._targets.items()
        )
        session.flush()
        return RowNumbers(calendars, slas)

    def _contract(self, name: str, terms: ContractTerms) -> Contract:
        zone = (
            self.policy.calendars[terms.support_hours].zone
            if terms.support_hours
            else ZoneInfo(self.policy.rulebook.timezone)
        )

        def midnight(day: date | None) -> datetime | None:
            # Without support hours, and so without a zone of their own, the desk's applies.
            if day is None:
                return None
            return datetime.combine(day, time.min, zone).astimezone(UTC)

        return Contract(
            version_id=self.version,
            customer_id=self._customers[name],
            calendar_id=self._numbers.get(terms.support_hours),
            starts_at=midnight(terms.starts),
            ends_at=midnight(terms.ends + timedelta(days=1) if terms.ends else None),
            terms={
                "levels": list(terms.levels),
                "team_size": terms.team_size,
                "channels": list(terms.channels),
                "starts": terms.starts.isoformat() if terms.starts else None,
                "ends": terms.ends.isoformat() if terms.ends else None,
                "price_model": terms.price_model,
                "bucket_hours": terms.bucket_hours,
                "bucket_per": terms.bucket_per,
            },
        )

    def _sla_rows(self) -> Iterable[SlaPolicy]:
        number = 0
        for sla in self.policy.slas:
            for customer, service, kind in sla.terms():
                number -= 1
                self._targets.update(
                    {(number, priority): targets for priority, targets in sla.targets.items()}
                )
                yield SlaPolicy(
                    id=number,
                    version_id=self.version,
                    name=sla.name,
                    calendar_id=self._numbers.get(sla.calendar),
                    customer_id=None if customer is None else self._customers[customer],
                    service_id=None if service is None else self._services[service],
                    kind=kind,
                )

    def _store_calendars(self, session: Session) -> dict[int, int]:
        new = [row for row in self._calendars if row.id < 0]
        provisional = [row.id for row in new]
        for row in new:
            row.id = None  # type: ignore[assignment]  # numbered by the database
        session.add_all(new)
        session.flush()
        return {before: row.id for before, row in zip(provisional, new, strict=True)}

    def _store_customers(self, session: Session) -> dict[int, int]:
        new = {
            number: Customer(name=name) for name, number in self._customers.items() if number < 0
        }
        session.add_all(new.values())
        session.flush()
        numbers = {number: row.id for number, row in new.items()}
        people.assign_domains(
            session,
            {
                domain: numbers.get(self._customers[name], self._customers[name])
                for name, terms in self.policy.customers.items()
                for domain in terms.domains
            },
        )
        people.assign_confidants(
            session,
            {
                numbers.get(self._customers[name], self._customers[name]): terms.confidential
                for name, terms in self.policy.customers.items()
            },
        )
        return numbers

    def _store_services(self, session: Session) -> dict[int, int]:
        known = {row.name: row for row in people.services(session)}
        for service in known.values():  # The file replaces everything that was set before.
            service.keywords, service.production, service.owner = "", False, ""
        numbers = {}
        for name, terms in self.policy.services.items():
            number = self._services[name]
            row = next((service for service in known.values() if service.id == number), None)
            if row is None:
                row = Service(name=name)
                session.add(row)
            row.keywords, row.production, row.owner = terms.keywords, terms.production, terms.owner
            session.flush()
            numbers[number] = row.id
        return numbers


def _calendars(session: Session, policy: Policy) -> list[Calendar]:
    """Return a row for each calendar; the newest stored one is used if its hours are the same."""
    stored = policies.newest_calendars(session)
    rows = []
    for position, (name, calendar) in enumerate(policy.calendars.items(), 1):
        row = stored.get(name)
        if (
            row is None
            or agreement.calendar_of(row.hours) != calendar
            or _is_better_named(calendar, agreement.calendar_of(row.hours))
        ):
            row = Calendar(id=-position, name=name, hours=dump_calendar(calendar))
        rows.append(row)
    return rows


def _is_better_named(calendar: SupportCalendar, stored: SupportCalendar) -> bool:
    """Whether a calendar names holidays that the stored one, which is equal, does not name."""
    return not stored.holiday_names and bool(calendar.holiday_names)


def _row_numbers(names: Iterable[str], known: dict[str, int]) -> dict[str, int]:
    """Return the row number of each name, below zero for new ones; case does not matter."""
    folded = {name.casefold(): number for name, number in known.items()}
    return {name: folded.get(name.casefold(), -position) for position, name in enumerate(names, 1)}
