"""The customers of the made desk: where they work, when they are supported, what was agreed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.domain.priority import Priority
from helpdesk.domain.ticket import Kind
from helpdesk.store import agreements, people
from helpdesk.store.models import Calendar, Customer, CustomerDomain, SlaPolicy

_MINUTE, _HOUR = 60, 3600

#: Tier → seconds of support time for (first response, next update, resolution), P1 to P4.
_TIERS: dict[str, tuple[tuple[int | None, int | None, int | None], ...]] = {
    "Platinum": (
        (10 * _MINUTE, 30 * _MINUTE, 2 * _HOUR),
        (20 * _MINUTE, 2 * _HOUR, 6 * _HOUR),
        (_HOUR, 8 * _HOUR, 12 * _HOUR),
        (4 * _HOUR, None, 32 * _HOUR),
    ),
    "Gold": (
        (15 * _MINUTE, _HOUR, 4 * _HOUR),
        (30 * _MINUTE, 4 * _HOUR, 8 * _HOUR),
        (2 * _HOUR, None, 16 * _HOUR),
        (4 * _HOUR, None, 40 * _HOUR),
    ),
    "Silver": (
        (30 * _MINUTE, _HOUR, 8 * _HOUR),
        (_HOUR, 4 * _HOUR, 16 * _HOUR),
        (4 * _HOUR, None, 32 * _HOUR),
        (8 * _HOUR, None, 80 * _HOUR),
    ),
    "Bronze": (
        (_HOUR, 2 * _HOUR, 16 * _HOUR),
        (2 * _HOUR, 8 * _HOUR, 24 * _HOUR),
        (8 * _HOUR, None, 40 * _HOUR),
        (16 * _HOUR, None, None),
    ),
}
#: What platinum and gold customers agreed for requests, whatever their priority.
_REQUESTS = (4 * _HOUR, None, 40 * _HOUR)

_HOURS = {
    "24/7": "24/7",
    "24/5": "mon-fri 00:00-24:00",
    "12/5": "mon-fri 08:00-20:00",
    "8/5": "mon-fri 09:00-17:00",
}


@dataclass(frozen=True, slots=True)
class Contract:
    """A customer and what was agreed with them.

    :ivar hours: a key of the usual support hours, such as ``8/5``, in ``zone``.
    :ivar holidays: (month, day) of the days off, of every year.
    :ivar weight: how many tickets come from here, compared with the others.
    :ivar language: what some of the requesters write besides English.
    """

    customer: str
    domains: tuple[str, ...]
    country: str
    zone: str
    hours: str
    tier: str
    weight: int
    language: str = "en"
    holidays: tuple[tuple[int, int], ...] = ((1, 1), (12, 25), (12, 26))

    @property
    def calendar(self) -> str:
        """The name of its calendar; customers of one country with equal hours share it."""
        return f"{self.hours} {self.country}"


_DE = ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))
_FR = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_US = ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25))
_JP = ((1, 1), (1, 2), (1, 3), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (11, 3), (11, 23))
_CZ = ((1, 1), (5, 1), (5, 8), (7, 5), (7, 6), (9, 28), (10, 28), (11, 17), (12, 24), (12, 25))
_PL = ((1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26))

CONTRACTS = (
    Contract("Contoso Manufacturing", ("contoso.example", "plants.contoso.example"),
             "United States", "America/Chicago", "24/7", "Gold", 14, holidays=()),
    Contract("Hafenwerk Logistik", ("hafenwerk.example",),
             "Germany", "Europe/Berlin", "12/5", "Gold", 13, "de", _DE),
    Contract("Harbour & Finch LLP", ("harbourfinch.example",),
             "United Kingdom", "Europe/London", "8/5", "Silver", 8),
    Contract("Atelier Brumaire", ("brumaire.example",),
             "France", "Europe/Paris", "8/5", "Bronze", 6, "fr", _FR),
    Contract("Sakurai Precision", ("sakurai.example",),
             "Japan", "Asia/Tokyo", "12/5", "Silver", 7, "ja", _JP),
    Contract("Kovář Strojírny", ("kovar.example",),
             "Czechia", "Europe/Prague", "8/5", "Bronze", 6, "cs", _CZ),
    Contract("Bałtyk Foods", ("baltyk.example", "sklep.baltyk.example"),
             "Poland", "Europe/Warsaw", "12/5", "Silver", 7, "pl", _PL),
    Contract("Kestrel Airfreight", ("kestrel-air.example",),
             "Singapore", "Asia/Singapore", "24/7", "Platinum", 11, holidays=()),
    Contract("Prairie State Clinics", ("prairieclinics.example",),
             "United States", "America/Chicago", "24/5", "Gold", 9, holidays=_US),
    Contract("Wattle Grid Energy", ("wattlegrid.example",),
             "Australia", "Australia/Sydney", "24/7", "Silver", 7, holidays=()),
    Contract("Lindqvist Maritime", ("lindqvist.example",),
             "Sweden", "Europe/Stockholm", "24/5", "Silver", 6,
             holidays=((1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26))),
    Contract("Municipality of Ostermark", ("ostermark.example",),
             "Germany", "Europe/Berlin", "8/5", "Bronze", 6, "de", _DE),
)  # fmt: skip

#: Those who write without being anybody's customer; the desk's default policy is for them.
STRANGERS = Contract("", ("example.net", "example.org"), "", "Europe/London", "24/7", "", 3)


def add_contracts(session: Session, now: datetime) -> dict[str, int]:
    """Put customers, calendars and policies into the desk; return the customers' row numbers.

    Holidays are given for the two years before ``now`` and the one after.
    """
    calendars: dict[str, int] = {}
    customers: dict[str, int] = {}
    for contract in CONTRACTS:
        customer = Customer(name=contract.customer)
        session.add(customer)
        if contract.calendar not in calendars:
            calendar = Calendar(name=contract.calendar, hours=_hours(contract, now.year))
            session.add(calendar)
            session.flush()
            calendars[contract.calendar] = calendar.id
        session.flush()
        customers[contract.customer] = customer.id
        session.add_all(CustomerDomain(domain=d, customer_id=customer.id) for d in contract.domains)
        _add_policies(session, contract, customer.id, calendars[contract.calendar])
    session.flush()
    return customers


def _hours(contract: Contract, year: int) -> dict[str, Any]:
    return {
        "timezone": contract.zone,
        "hours": _HOURS[contract.hours],
        "holidays": [
            f"{one}-{month:02}-{day:02}"
            for one in range(year - 2, year + 2)
            for month, day in contract.holidays
        ],
    }


def _add_policies(session: Session, contract: Contract, customer: int, calendar: int) -> None:
    name = f"{contract.customer} {contract.tier}"
    _add_policy(session, SlaPolicy(name=name, customer_id=customer, calendar_id=calendar),
                _TIERS[contract.tier])  # fmt: skip
    if contract.tier in ("Platinum", "Gold"):
        requests = SlaPolicy(name=f"{contract.customer} requests", customer_id=customer,
                             calendar_id=calendar, kind=Kind.REQUEST)  # fmt: skip
        _add_policy(session, requests, (_REQUESTS,) * len(Priority))
    operations = people.service(session, "operations")
    if contract.tier == "Platinum" and operations is not None:
        # Who flies by night has the servers watched more closely than the desktops.
        watched = SlaPolicy(name=f"{contract.customer} operations", customer_id=customer,
                            calendar_id=calendar, service_id=operations.id)  # fmt: skip
        _add_policy(session, watched, (_TIERS["Platinum"][0], *_TIERS["Platinum"][:3]))


def _add_policy(
    session: Session,
    policy: SlaPolicy,
    targets: tuple[tuple[int | None, int | None, int | None], ...],
) -> None:
    session.add(policy)
    session.flush()
    by_priority = dict(zip(Priority, targets, strict=True))
    session.add_all(agreements.target_rows(policy.id, by_priority))
