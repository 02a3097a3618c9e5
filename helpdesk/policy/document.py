"""Reader of the whole policy file."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from helpdesk.domain.parsing import parse_toml
from helpdesk.domain.policy.desk_rules import DeskRules
from helpdesk.domain.support_hours import SupportCalendar
from helpdesk.policy.alarms import read_alarms
from helpdesk.policy.calendars import read_calendars, read_timezone
from helpdesk.policy.context import PolicyContext
from helpdesk.policy.customers import ContractTerms, read_customers
from helpdesk.policy.dead_alarms import warn_of_dead_alarms
from helpdesk.policy.desk_rules import (
    read_after_close,
    read_clipboard,
    read_closing,
    read_knowledge,
    read_matrix,
    read_pauses,
    read_rights,
    read_ssh,
)
from helpdesk.policy.finding import FindingCollector, PolicyFinding
from helpdesk.policy.levels import read_ladder, read_levels
from helpdesk.policy.services import ServiceTerms, read_services
from helpdesk.policy.sla import Sla, read_slas, read_starts
from helpdesk.policy.table import Table
from helpdesk.policy.toml_lines import KeyPath, key_lines

_KEYS = (
    "name", "timezone", "levels", "escalation", "calendars", "customers", "services", "sla",
    "pauses", "alarms", "matrix", "closing", "knowledge", "door", "terminal", "rights",
    "next_update_from",
)  # fmt: skip
_LINE = re.compile(r"\(at line (\d+), column \d+\)")
_SIZE_LIMIT = 4 * 1024 * 1024
_BITS_LIMIT = 64
_DEPTH_LIMIT = 16


@dataclass(frozen=True, slots=True)
class Policy:
    """The content of a policy file without mistakes; rules for holidays are resolved into dates.

    :ivar label: the name that the author gave to this version of the policy.
    :ivar text: the text of the file.
    :ivar rulebook: the desk's own rules.
    """

    label: str
    text: str
    rulebook: DeskRules
    calendars: Mapping[str, SupportCalendar]
    customers: Mapping[str, ContractTerms]
    services: Mapping[str, ServiceTerms]
    slas: tuple[Sla, ...]


@dataclass(frozen=True, slots=True)
class PolicyReading:
    """The result of reading a policy file: either a policy, or the mistakes in the file.

    :ivar warnings: what is probably not meant; such a policy can be applied.
    """

    policy: Policy | None
    findings: tuple[PolicyFinding, ...]
    warnings: tuple[PolicyFinding, ...] = ()


def read_policy(text: str, context: PolicyContext) -> PolicyReading:
    """Read a policy file; report all mistakes in it.

    A text that is not valid TOML has a single mistake, at the place where parsing failed.
    """
    if len(text) > _SIZE_LIMIT:
        return PolicyReading(
            None, (PolicyFinding(1, "", "the file is larger than 4 MiB: is it a policy?"),)
        )
    try:
        values = parse_toml(text)
        collector = FindingCollector(key_lines(text))
    except tomllib.TOMLDecodeError as error:
        return PolicyReading(None, (_syntax_finding(text, error),))
    _check_size(values, collector)
    if collector.findings:
        return PolicyReading(None, collector.findings)
    document = Table(collector, (), values)
    policy = _read_document(document, text, context)
    if collector.findings:
        return PolicyReading(None, collector.findings, collector.warnings)
    warn_of_dead_alarms(document, policy.slas, policy.rulebook)
    return PolicyReading(policy, (), collector.warnings)


def _read_document(document: Table, text: str, context: PolicyContext) -> Policy:
    document.allow(*_KEYS)
    zone = read_timezone(document, context)
    calendars = read_calendars(document, context, zone)
    customers = read_customers(document, set(calendars), context)
    services = read_services(document)
    return Policy(
        label=document.text("name", "unnamed"),
        text=text,
        rulebook=DeskRules(
            levels=read_levels(document, calendars),
            pauses=read_pauses(document),
            alarms=read_alarms(document),
            ladder=read_ladder(document),
            matrix=read_matrix(document),
            close_after_s=read_closing(document),
            after_close=read_after_close(document),
            knowledge=read_knowledge(document),
            door=read_ssh(document),
            clipboard=read_clipboard(document),
            withheld=read_rights(document),
            timezone=zone,
            next_update_from=read_starts(document),
        ),
        calendars=calendars,
        customers=customers,
        services=services,
        slas=read_slas(document, set(calendars), customers, set(services)),
    )


def _check_size(values: object, collector: FindingCollector) -> None:
    """Report values that are nested too deep, or numbers that are too large to be printed."""
    remaining: list[tuple[KeyPath, object]] = [((), values)]
    while remaining:
        path, value = remaining.pop()
        if isinstance(value, int) and value.bit_length() > _BITS_LIMIT:
            collector.add(path, f"the number has more than {_BITS_LIMIT} bits: use a smaller one.")
        elif isinstance(value, dict | list) and len(path) > _DEPTH_LIMIT:
            collector.add(path, "is nested too deep: no setting of a policy is.")
        elif isinstance(value, dict):
            remaining += [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            remaining += [((*path, index), item) for index, item in enumerate(value)]


def _syntax_finding(text: str, error: Exception) -> PolicyFinding:
    message = str(error) or type(error).__name__
    found = _LINE.search(message)
    # A message without a line means that the file ends too early.
    line = int(found[1]) if found else text.count("\n") + 1
    return PolicyFinding(line, "", f"{_LINE.sub('', message).strip()}: this is no TOML.")
