"""Reader of ``[sla.NAME]``: the SLA targets and the tickets to which they apply."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from helpdesk.domain.priority import Priority
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.sla.targets import NextUpdateFrom, Targets
from helpdesk.domain.ticket import Kind
from helpdesk.policy.customers import ContractTerms
from helpdesk.policy.table import Table
from helpdesk.policy.target_order import warn_of_targets

_START = "next_update_from"
_CLOCKS = tuple(name.value for name in ClockName)


@dataclass(frozen=True, slots=True)
class Sla:
    """Targets and the tickets to which they apply; an empty tuple stands for any.

    :ivar calendar: the name of its calendar; "": the calendar of the customer's contract.
    :ivar targets: the targets for each priority.
    """

    name: str
    calendar: str
    customers: tuple[str, ...]
    services: tuple[str, ...]
    kinds: tuple[Kind, ...]
    targets: Mapping[Priority, Targets]

    def terms(self) -> Iterator[tuple[str | None, str | None, Kind | None]]:
        """Yield each (customer, service, kind) to which it applies; None stands for any."""
        return product(self.customers or (None,), self.services or (None,), self.kinds or (None,))


def read_slas(
    document: Table, calendars: set[str], customers: Mapping[str, ContractTerms], services: set[str]
) -> tuple[Sla, ...]:
    """Return all SLAs in the order of the file; mistakes are reported.

    :param calendars: the names of all calendars.
    :param customers: the contracts by customer.
    :param services: the names of all services.
    """
    found = []
    owners: dict[tuple[str | None, str | None, Kind | None], str] = {}
    for name, table in document.tables("sla"):
        sla = _read_sla(name, table)
        found.append(sla)
        _check_names(table, "customers", sla.customers, set(customers))
        _check_names(table, "services", sla.services, services)
        _check_calendar(table, sla, calendars, customers)
        for terms in sla.terms():
            if terms in owners:
                document.reject(
                    "sla", f"fits the same tickets as {owners[terms]!r:.60}: keep one.", name
                )
                break
            owners[terms] = name
    if (None, None, None) not in owners:
        document.reject(
            "sla",
            "there is no default: add an SLA that names no customers, services or kinds, "
            "for the tickets that no other fits.",
        )
    return tuple(found)


def read_starts(document: Table) -> dict[str, NextUpdateFrom]:
    """Return what starts the next update: under "" for all SLAs, and for those that differ."""
    default = document.word(_START, NextUpdateFrom) or NextUpdateFrom.FIRST_RESPONSE
    named = {name: table.word(_START, NextUpdateFrom) for name, table in document.tables("sla")}
    return {"": default, **{name: start for name, start in named.items() if start is not None}}


def _read_sla(name: str, table: Table) -> Sla:
    table.allow("calendar", "customers", "services", "kinds", "targets", _START)
    table.require("targets")
    return Sla(
        name=name,
        calendar=table.text("calendar"),
        customers=table.texts("customers"),
        services=table.texts("services"),
        kinds=table.words("kinds", Kind),
        targets=_targets(table.table("targets")) if "targets" in table else {},
    )


def _targets(table: Table) -> dict[Priority, Targets]:
    table.allow(*Priority)
    table.require(*Priority)
    found = {}
    for priority in Priority:
        row = table.table(priority)
        row.allow(*_CLOCKS)
        response, update, resolution = (row.span(clock) for clock in _CLOCKS)
        found[priority] = Targets(response, update, resolution)
    warn_of_targets(table, found)
    return found


def _check_names(table: Table, key: str, names: tuple[str, ...], known: set[str]) -> None:
    for index, name in enumerate(names):
        if name not in known:
            table.reject(key, f"{name!r:.60} is not in [{key}]: add it there.", index)


def _check_calendar(
    table: Table, sla: Sla, calendars: set[str], customers: Mapping[str, ContractTerms]
) -> None:
    if sla.calendar:
        if sla.calendar not in calendars:
            table.reject(
                "calendar", f"there is no calendar {sla.calendar!r:.60}: add it to [calendars]."
            )
        return
    without = [
        name for name in sla.customers if name in customers and not customers[name].support_hours
    ]
    if without or not sla.customers:
        reason = f"{without[0]!r:.60} has no support_hours, and" if without else ""
        table.reject("calendar", f"{reason} no calendar is named here: name one.".strip())
