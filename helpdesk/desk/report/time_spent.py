"""Report time spent and tickets logged per customer, compared with each contract."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.desk.session import Desk
from helpdesk.domain.desk_zone import day_of, midnight
from helpdesk.domain.errors import NotFoundError
from helpdesk.domain.roles import Right
from helpdesk.store import policies
from helpdesk.store.models import Contract
from helpdesk.store.people import people
from helpdesk.store.ticket import time_entries

#: The working time of one full-time agent a day, Monday to Friday, in minutes.
FTE_DAY_M = 8 * 60


@dataclass(frozen=True, slots=True)
class Bucket:
    """Hours that a customer bought in advance, at the end of the report's period.

    :ivar label: the month, quarter, year or contract for which they were bought.
    :ivar bought_m: the minutes that were bought.
    :ivar used_m: the billable minutes used since the bucket began.
    """

    label: str
    bought_m: int
    used_m: int

    @property
    def left_m(self) -> int:
        """The minutes that are left; below zero if more was used than bought."""
        return self.bought_m - self.used_m


@dataclass(frozen=True, slots=True)
class CustomerTime:
    """The work for a customer in the period.

    :ivar customer: the name, or "" for tickets without a customer.
    :ivar tickets: how many tickets were logged for the customer.
    :ivar worked_on: on how many tickets time was spent.
    :ivar minutes: the time spent.
    :ivar billable: the billable part of it, in minutes.
    :ivar fte: the billable time as a number of full-time agents: minutes divided by 480 for each
        working day (Monday to Friday, holidays included) of the period.
    :ivar team_size: how many agents the contract provides for the customer.
    :ivar agents: logins and their minutes, most first.
    """

    customer: str
    price_model: str
    tickets: int
    worked_on: int
    minutes: int
    billable: int
    fte: float
    team_size: int | None
    bucket: Bucket | None
    agents: tuple[tuple[str, int], ...] = field(default=())


def time_report(
    desk: Desk, start: datetime, end: datetime, customer: str | None = None
) -> tuple[CustomerTime, ...]:
    """Return the customers that have a contract or time spent in ``[start, end)``, by name.

    It names the agents and their time, which is put on record.  If the policy does not let the
    acting agent see colleagues' figures, it names only that agent.

    :param customer: report only the customer with this name.
    :raises NotFoundError: if there is no such customer.
    """
    desk.require(Right.READ)
    # A period that ends now includes what was recorded in the current second.
    first, last = int(start.timestamp()), int(end.timestamp()) + (end == desk.now())
    with desk.database.read() as session:
        only = _number(session, customer)
        recorded = _recorded(session, first, last)
        numbers = recorded.customers() if only is None else {only}
        rows = [_row(session, recorded, number, start, end) for number in numbers]
    if desk.may(Right.SEE_COLLEAGUES):
        desk.record_use("reported time by agent", customer or "", len(rows), "standard output")
    else:
        rows = [
            replace(row, agents=tuple(each for each in row.agents if each[0] == desk.login))
            for row in rows
        ]
    return tuple(sorted(rows, key=lambda row: (row.customer == "", row.customer.casefold())))


def _number(session: Session, customer: str | None) -> int | None:
    if customer is None:
        return None
    found = people.customer(session, customer)
    if found is None:
        raise NotFoundError(
            f"there is no customer {customer[:60]!r} on this desk: "
            "'helpdesk customer list' shows them."
        )
    return found.id


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The records of the period by the customer's row number; None stands for no customer.

    :ivar sums: minutes, billable minutes, and the number of tickets on which they were spent.
    :ivar agents: logins and their minutes.
    """

    names: Mapping[int, str]
    contracts: Mapping[int, Contract]
    sums: Mapping[int | None, Sequence[int | None]]
    agents: Mapping[int | None, Sequence[tuple[str, int]]]

    def customers(self) -> set[int | None]:
        """Return the customers that have a contract or time spent on their tickets."""
        return {*self.sums, *self.contracts}


def _recorded(session: Session, first: int, last: int) -> _Recorded:
    """Read the records of ``[first, last)``, in seconds since 1970 (UTC)."""
    agents: dict[int | None, list[tuple[str, int]]] = defaultdict(list)
    for login, number, minutes, _ in time_entries.per_agent(session, first, last):
        agents[number].append((login, minutes))
    version = policies.current_version(session)
    return _Recorded(
        names={row.id: row.name for row in people.every_customer(session)},
        contracts={row.customer_id: row for row, _ in time_entries.contracts(session, version)},
        sums={row[0]: row[1:] for row in time_entries.per_customer(session, first, last)},
        agents=agents,
    )


def _row(
    session: Session, recorded: _Recorded, number: int | None, start: datetime, end: datetime
) -> CustomerTime:
    minutes, billable, worked_on = (figure or 0 for figure in recorded.sums.get(number, (0, 0, 0)))
    contract = recorded.contracts.get(number or 0)
    terms = contract.terms if contract else {}
    days = working_days(start, end)
    return CustomerTime(
        customer=recorded.names.get(number or 0, ""),
        price_model=terms.get("price_model") or "",
        tickets=_tickets_logged(session, number, start, end),
        worked_on=worked_on,
        minutes=minutes,
        billable=billable,
        fte=round(billable / (days * FTE_DAY_M), 2) if days else 0.0,
        team_size=terms.get("team_size"),
        bucket=_bucket(session, contract, end) if contract else None,
        agents=tuple(sorted(recorded.agents.get(number, ()), key=lambda item: (-item[1], item[0]))),
    )


def _tickets_logged(session: Session, number: int | None, start: datetime, end: datetime) -> int:
    if number is None:
        return 0
    return time_entries.tickets_logged(
        session, number, int(start.timestamp()), int(end.timestamp())
    )


def _bucket(session: Session, contract: Contract, end: datetime) -> Bucket | None:
    hours = contract.terms.get("bucket_hours")
    if not hours:
        return None
    begins, label = _bucket_start(contract, end)
    seconds = int(begins.timestamp()) if begins else 0, int(end.timestamp())
    used = time_entries.billable_of_customer(session, contract.customer_id, *seconds)
    return Bucket(label, hours * 60, used)


def _bucket_start(contract: Contract, end: datetime) -> tuple[datetime | None, str]:
    """Return when the bucket in use at the end of the period began (UTC), and its label."""
    day = day_of(end - timedelta(seconds=1))
    match contract.terms.get("bucket_per"):
        case "year":
            first, label = date(day.year, 1, 1), f"{day:%Y}"
        case "quarter":
            quarter = (day.month - 1) // 3
            first, label = date(day.year, quarter * 3 + 1, 1), f"{day.year} Q{quarter + 1}"
        case "contract":
            return contract.starts_at, "contract"
        case _:
            first, label = day.replace(day=1), f"{day:%Y-%m}"
    begins = midnight(first)
    starts = contract.starts_at
    return (max(begins, starts) if starts else begins), label


def working_days(start: datetime, end: datetime) -> int:
    """Return how many days from Monday to Friday a period touches, in the desk's time zone."""
    first = day_of(start)
    last = day_of(end - timedelta(seconds=1))
    whole, rest = divmod((last - first).days + 1, 7)
    return max(0, whole * 5 + sum((first + timedelta(days=n)).weekday() < 5 for n in range(rest)))
