"""The customers of the made desk: who they are is in ``policy.toml``, how they behave is here."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from sqlalchemy.orm import Session

from helpdesk.desk.policy.apply_policy import begin_with
from helpdesk.desk.policy.files import require_policy
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.policy import Policy
from helpdesk.store.people import people


@dataclass(frozen=True, slots=True)
class Contract:
    """A customer as the makers of tickets see it.

    :ivar weight: how many tickets come from here, compared with the others.
    :ivar language: what some of the requesters write besides English.
    """

    customer: str
    weight: int
    language: str = "en"


CONTRACTS = (
    Contract("Contoso Manufacturing", 14),
    Contract("Hafenwerk Logistik", 13, "de"),
    Contract("Harbour & Finch LLP", 8),
    Contract("Atelier Brumaire", 6, "fr"),
    Contract("Sakurai Precision", 7, "ja"),
    Contract("Kovář Strojírny", 6, "cs"),
    Contract("Bałtyk Foods", 7, "pl"),
    Contract("Kestrel Airfreight", 11),
    Contract("Prairie State Clinics", 9),
    Contract("Wattle Grid Energy", 7),
    Contract("Lindqvist Maritime", 6),
    Contract("Municipality of Ostermark", 6, "de"),
)

#: Those who write without being anybody's customer; the desk's default SLA is for them.
STRANGERS = Contract("", 3)
_STRANGE_DOMAINS = ("example.net", "example.org")
_STRANGE_HOURS = "24/7"


class Customers:
    """What the policy says of the customers."""

    def __init__(self, policy: Policy, numbers: dict[str, int]) -> None:
        self._policy = policy
        self._numbers = numbers

    def number(self, contract: Contract) -> int | None:
        """The customer's row number; None for strangers."""
        return self._numbers.get(contract.customer)

    def domains(self, contract: Contract) -> tuple[str, ...]:
        """The mail domains of those who ask."""
        terms = self._policy.customers.get(contract.customer)
        return terms.domains if terms else _STRANGE_DOMAINS

    def calendar(self, contract: Contract) -> SupportCalendar:
        """The hours in which they are supported, and their zone."""
        terms = self._policy.customers.get(contract.customer)
        return self._policy.calendars[terms.support_hours if terms else _STRANGE_HOURS]

    def around_the_clock(self, contract: Contract) -> bool:
        """Whether they are supported at any hour."""
        return self.calendar(contract) == SupportCalendar.round_the_clock(
            self.calendar(contract).timezone
        )


@cache
def policy_text() -> str:
    """Return the made desk's policy."""
    return files("helpdesk.desk.demo").joinpath("policy.toml").read_text(encoding="utf-8")


def add_contracts(session: Session, now: datetime) -> Customers:
    """Bring the made desk's policy into force."""
    policy = require_policy(policy_text(), "policy.toml", None, now)
    begin_with(session, policy, now)
    return Customers(policy, {one.name: one.id for one in people.every_customer(session)})
