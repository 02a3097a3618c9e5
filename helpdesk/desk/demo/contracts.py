"""The customers of the demo desk.

``policy.toml`` holds their contracts; this file says how many tickets they send, in which language.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from sqlalchemy.orm import Session

from helpdesk.desk.policy.apply_policy import apply_to_new_desk
from helpdesk.desk.policy.files import PolicyText, require_policy
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.policy import Policy
from helpdesk.store.people import people


@dataclass(frozen=True, slots=True)
class DemoCustomer:
    """A customer for whom tickets are generated.

    :ivar customer: the name in ``policy.toml``, or "" for requesters without a customer.
    :ivar weight: the share of tickets that comes from here, relative to the other customers.
    :ivar language: the language that some requesters write instead of English.
    """

    customer: str
    weight: int
    language: str = "en"


DEMO_CUSTOMERS = (
    DemoCustomer("Contoso Manufacturing", 14),
    DemoCustomer("Hafenwerk Logistik", 13, "de"),
    DemoCustomer("Harbour & Finch LLP", 8),
    DemoCustomer("Atelier Brumaire", 6, "fr"),
    DemoCustomer("Sakurai Precision", 7, "ja"),
    DemoCustomer("Kovář Strojírny", 6, "cs"),
    DemoCustomer("Bałtyk Foods", 7, "pl"),
    DemoCustomer("Kestrel Airfreight", 11),
    DemoCustomer("Prairie State Clinics", 9),
    DemoCustomer("Wattle Grid Energy", 7),
    DemoCustomer("Lindqvist Maritime", 6),
    DemoCustomer("Municipality of Ostermark", 6, "de"),
)

#: Requesters who belong to no customer; the default SLA applies to them.
NO_CUSTOMER = DemoCustomer("", 3)
_STRANGER_DOMAINS = ("example.net", "example.org")
_STRANGER_HOURS = "24/7"


class CustomerTerms:
    """The mail domains and support hours that the demo policy gives each customer."""

    def __init__(self, policy: Policy, numbers: dict[str, int]) -> None:
        self._policy = policy
        self._numbers = numbers

    def number(self, contract: DemoCustomer) -> int | None:
        """The customer's row number; None for strangers."""
        return self._numbers.get(contract.customer)

    def domains(self, contract: DemoCustomer) -> tuple[str, ...]:
        """The mail domains of a customer's requesters."""
        terms = self._policy.customers.get(contract.customer)
        return terms.domains if terms else _STRANGER_DOMAINS

    def calendar(self, contract: DemoCustomer) -> SupportCalendar:
        """The support hours of a customer, with their time zone."""
        terms = self._policy.customers.get(contract.customer)
        return self._policy.calendars[terms.support_hours if terms else _STRANGER_HOURS]

    def around_the_clock(self, contract: DemoCustomer) -> bool:
        """Whether a customer is supported at any hour."""
        return self.calendar(contract) == SupportCalendar.round_the_clock(
            self.calendar(contract).timezone
        )


@cache
def policy_text() -> str:
    """Return the text of the demo desk's policy file."""
    return files("helpdesk.desk.demo").joinpath("policy.toml").read_text(encoding="utf-8")


def add_customers(session: Session, now: datetime) -> CustomerTerms:
    """Put the demo desk's policy into force, which also adds its customers."""
    policy = require_policy(PolicyText(policy_text(), "policy.toml"), now)
    apply_to_new_desk(session, policy, now)
    return CustomerTerms(policy, {row.name: row.id for row in people.every_customer(session)})
