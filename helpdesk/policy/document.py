"""The whole policy file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.policy.desk_rules import Rulebook
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.policy.alarms import read_alarms
from helpdesk.policy.calendars import read_calendars
from helpdesk.policy.context import Surroundings
from helpdesk.policy.customers import Contract, read_customers
from helpdesk.policy.desk_rules import (
    read_closing,
    read_door,
    read_knowledge,
    read_matrix,
    read_pauses,
)
from helpdesk.policy.finding import Finding, Report
from helpdesk.policy.levels import read_ladder, read_levels
from helpdesk.policy.services import ServiceTerms, read_services
from helpdesk.policy.sla import Sla, read_slas
from helpdesk.policy.table import Table
from helpdesk.policy.toml_lines import KeyPath, key_lines

_PARTS = (
    "name", "timezone", "levels", "escalation", "calendars", "customers", "services", "sla",
    "pauses", "alarms", "matrix", "closing", "knowledge", "door",
)  # fmt: skip
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SIZE_LIMIT = 4 * 1024 * 1024
_BITS_LIMIT = 64
_DEPTH_LIMIT = 16


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a policy file says, free of mistakes; calendars hold dates, no rules.

    :ivar label: the version's name, as the file's author wants it known.
    :ivar text: the file itself.
    """

    label: str
    text: str
    rulebook: Rulebook
    calendars: Mapping[str, SupportCalendar]
    customers: Mapping[str, Contract]
    services: Mapping[str, ServiceTerms]
    slas: tuple[Sla, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a file came to: a policy, or else the mistakes in it."""

    policy: Policy | None
    findings: tuple[Finding, ...]


def read_policy(text: str, around: Surroundings) -> Reading:
    """Read a policy file, naming every mistake in it.

    A text that is no TOML has one mistake: where it ceases to be.
    """
    if len(text) > _SIZE_LIMIT:
        return Reading(None, (Finding(1, "", "the file is larger than 4 MiB: is it a policy?"),))
    try:
        values = tomllib.loads(text)
        report = Report(key_lines(text))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        return Reading(None, (_syntax(text, error),))
    _refuse_monsters(values, report)
    if report.findings:
        return Reading(None, report.findings)
    policy = _read(Table(report, (), values), text, around)
    return Reading(None, report.findings) if report.findings else Reading(policy, ())


def _read(document: Table, text: str, around: Surroundings) -> Policy:
    document.allow(*_PARTS)
    calendars = read_calendars(document, around)
    customers = read_customers(document, set(calendars), around.today)
    services = read_services(document)
    return Policy(
        label=document.text("name", "unnamed"),
        text=text,
        rulebook=Rulebook(
            levels=read_levels(document, set(calendars)),
            pauses=read_pauses(document),
            alarms=read_alarms(document),
            ladder=read_ladder(document),
            matrix=read_matrix(document),
            close_after_s=read_closing(document),
            knowledge=read_knowledge(document),
            door=read_door(document),
        ),
        calendars=calendars,
        customers=customers,
        services=services,
        slas=read_slas(document, set(calendars), customers, set(services)),
    )


def _refuse_monsters(values: object, report: Report) -> None:
    """Report what is too deep or too large to be so much as shown."""
    left: list[tuple[KeyPath, object]] = [((), values)]
    while left:
        path, value = left.pop()
        if isinstance(value, int) and value.bit_length() > _BITS_LIMIT:
            report.say(path, f"the number has more than {_BITS_LIMIT} bits: is it one?")
        elif isinstance(value, dict | list) and len(path) > _DEPTH_LIMIT:
            report.say(path, "is nested too deep: nothing in a policy is.")
        elif isinstance(value, dict):
            left += [((*path, key), below) for key, below in value.items()]
        elif isinstance(value, list):
            left += [((*path, place), below) for place, below in enumerate(value)]


def _syntax(text: str, error: Exception) -> Finding:
    said = str(error) or type(error).__name__
    found = _LINE.search(said)
    # Without a place it is the end of the file that comes too early.
    line = int(found[1]) if found else text.count("\n") + 1
    return Finding(line, "", f"{_LINE.sub('', said).strip()}: this is no TOML.")
