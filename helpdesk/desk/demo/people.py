"""The agents and requesters of the demo desk."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.demo.contracts import DEMO_CUSTOMERS, NO_CUSTOMER, CustomerTerms, DemoCustomer
from helpdesk.desk.demo.texts import load_texts
from helpdesk.desk.session import Desk
from helpdesk.domain.escalation import Level
from helpdesk.domain.person_search import search_text
from helpdesk.domain.roles import Role
from helpdesk.store.database.many_rows import insert_rows
from helpdesk.store.models import Requester
from helpdesk.store.people import people

_EMPLOYED_FOR = timedelta(days=800)
#: The least number of requesters of a customer, and the number of tickets for one more.
_REQUESTERS, _TICKETS_EACH = 28, 60
_NOTES = (
    "Calls from the workshop: let it ring.",
    "Works from 7 to 14; after that only by mail.",
    "Hard of hearing: write instead of calling.",
)
_LETTERS = str.maketrans({"ł": "l", "Ł": "L", "ø": "o", "ß": "ss", "ı": "i"})


@dataclass(frozen=True, slots=True)
class DemoAgent:
    """An agent who works on generated tickets; ``first_name`` signs replies."""

    id: int
    login: str
    first_name: str


@dataclass(frozen=True, slots=True)
class DemoRequester:
    """A requester: the row number, and the name by which agents address them."""

    id: int
    first_name: str


class Staff:
    """The agents of each level, among them the desk's owner."""

    def __init__(self, by_level: dict[Level, list[DemoAgent]]) -> None:
        self._by_level = by_level

    def one_of(self, rng: Random, level: Level) -> DemoAgent:
        """Draw an agent who serves the level."""
        return rng.choice(self._by_level[level])


class DemoRequesters:
    """The requesters of every customer; some send far more tickets than others."""

    def __init__(self, by_customer: dict[str, list[DemoRequester]]) -> None:
        self._by_customer = by_customer
        # The most frequent requester sends about ten times as many tickets as the last one.
        self._weights = {
            customer: list(accumulate(1 / (rank + 4) for rank in range(len(callers))))
            for customer, callers in by_customer.items()
        }

    def one_of(self, rng: Random, contract: DemoCustomer) -> DemoRequester:
        """Draw a requester of the customer."""
        weights = self._weights[contract.customer]
        return rng.choices(self._by_customer[contract.customer], cum_weights=weights)[0]

    def __len__(self) -> int:
        return sum(len(callers) for callers in self._by_customer.values())


def add_staff(desk: Desk, session: Session, now: datetime) -> Staff:
    """Add the agents of the demo; the acting agent keeps their role and gets tickets as well."""
    by_level: dict[Level, list[DemoAgent]] = {level: [] for level in Level}
    for agent in load_texts("people")["agent"]:
        levels = [Level(level) for level in agent["levels"]]
        role = Role(agent.get("role", Role.AGENT))
        added = people.add_agent(
            session, agent["login"], agent["name"], role, levels, now - _EMPLOYED_FOR
        )
        worker = DemoAgent(added.id, added.login, agent["name"].split()[0])
        for level in levels:
            by_level[level].append(worker)
    session.flush()
    owner = DemoAgent(desk.agent_id, desk.login, desk.agent.name.split()[0])
    for level in desk.agent.levels:
        by_level[level].append(owner)
    return Staff(by_level)


def add_requesters(
    session: Session, rng: Random, customers: CustomerTerms, tickets: int
) -> DemoRequesters:
    """Add requesters to every customer; their number grows with the number of tickets."""
    names = load_texts("people")["names"]
    rows: list[dict[str, Any]] = []
    by_customer: dict[str, list[DemoRequester]] = {}
    taken: set[str] = set()
    for contract in (*DEMO_CUSTOMERS, NO_CUSTOMER):
        count = _REQUESTERS + tickets // _TICKETS_EACH // len(DEMO_CUSTOMERS)
        callers = by_customer[contract.customer] = []
        for _ in range(count):
            # Some people of every customer come from another country.
            language = contract.language if rng.random() < 0.85 else "en"
            first, first_latin = _names(rng.choice(names[language]["first"]))
            last, last_latin = _names(rng.choice(names[language]["last"]))
            name = f"{last} {first}" if language == "ja" else f"{first} {last}"
            mail = _mail(first_latin, last_latin, rng.choice(customers.domains(contract)), taken)
            number = len(rows) + 1
            customer_id = customers.number(contract)
            row = {"id": number, "mail": mail, "name": name, "customer_id": customer_id}
            rows.append(row | _particulars(number, name, mail, language))
            address = last if language == "ja" else first
            callers.append(DemoRequester(number, address))
    insert_rows(session, Requester, rows)
    return DemoRequesters(by_customer)


def _names(text: str) -> tuple[str, str]:
    """Split "name|name in Latin letters" into both; without the second part they are the same."""
    name, _, latin = text.partition("|")
    return name, latin or name


def _particulars(number: int, name: str, mail: str, language: str) -> dict[str, Any]:
    """Return what is known of a person besides; the same for the same number."""
    # Numbers of this range belong to nobody: they are kept free for stories.
    phone = "" if number % 5 == 0 else f"+44 20 7946 {number % 1000:04}"
    return {
        "phone": phone,
        "room": "" if number % 3 == 0 else f"{number % 7 + 1}.{number % 40 + 1:02}",
        "device": "" if number % 4 == 0 else f"LT-{4000 + number}",
        "language": language,
        "vip": number % 41 == 7,
        "note": _NOTES[number // 23 % len(_NOTES)] if number % 23 == 7 else "",
        "search_text": search_text(name, mail, phone),
    }


def _mail(first: str, last: str, domain: str, taken: set[str]) -> str:
    """Return a mail address that is not in ``taken``, and add it there."""
    local = _ascii(f"{first[0]}.{last}")
    mail, number = f"{local}@{domain}", 1
    while mail in taken:
        number += 1
        mail = f"{local}{number}@{domain}"
    taken.add(mail)
    return mail


def _ascii(name: str) -> str:
    split = unicodedata.normalize("NFKD", name.translate(_LETTERS).lower())
    return "".join(char for char in split if char.isascii() and (char.isalnum() or char == "."))
