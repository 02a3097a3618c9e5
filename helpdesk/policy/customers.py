"""Reader of ``[customers.NAME]``: the customers and their contracts."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import Channel
from helpdesk.policy.context import PolicyContext
from helpdesk.policy.table import Table

_LOGIN = re.compile(r"[^\s\x00-\x1f]{1,64}")
_DOMAIN = re.compile(r"(?=.{1,253}$)[^\s@.]+(?:\.[^\s@.]+)+")


class PriceModel(StrEnum):
    """How the customer is charged."""

    FLAT = "flat"
    PER_TICKET = "per ticket"
    PER_HOUR = "per hour"
    PER_USER = "per user"
    PER_AGENT = "per agent"
    BUCKET = "bucket of hours"


class BucketPeriod(StrEnum):
    """The period for which a bucket of hours is bought; unused hours lapse at its end."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    CONTRACT = "contract"


@dataclass(frozen=True, slots=True)
class ContractTerms:
    """What was agreed with a customer, except for the SLA targets.

    :ivar domains: the mail domains of the customer's requesters.
    :ivar support_hours: the name of a calendar; "": the calendar of the SLA that applies.
    :ivar levels: the levels included in the contract; alarms escalate to no other level.
    :ivar team_size: how many agents are reserved for this customer.
    :ivar channels: the channels that the customer may use; for information only.
    :ivar starts: the first day, in the time zone of the support hours; None: no limit.
    :ivar ends: the last day; None: no limit.
    :ivar price_model: how the customer is charged.
    :ivar confidential: the logins of the only agents who may see this customer's tickets; empty:
        everybody may.
    :ivar bucket_hours: how many hours are bought in advance for each ``bucket_per``.
    """

    domains: tuple[str, ...] = ()
    support_hours: str = ""
    levels: tuple[Level, ...] = tuple(Level)
    team_size: int | None = None
    channels: tuple[Channel, ...] = tuple(Channel)
    starts: date | None = None
    ends: date | None = None
    price_model: PriceModel | None = None
    confidential: tuple[str, ...] = ()
    bucket_hours: int | None = None
    bucket_per: BucketPeriod = BucketPeriod.MONTH


def read_customers(
    document: Table, calendars: set[str], context: PolicyContext
) -> dict[str, ContractTerms]:
    """Return the contracts by customer; mistakes are reported.

    Contracts that have ended are reported, and agents who are unknown or disabled warned of.

    :param calendars: the names of all calendars.
    """
    found: dict[str, ContractTerms] = {}
    owners: dict[str, str] = {}
    for name, table in document.tables("customers"):
        contract = found[name] = _read_contract(table)
        if contract.support_hours and contract.support_hours not in calendars:
            table.reject(
                "support_hours",
                f"there is no calendar {contract.support_hours!r:.60}: add it to [calendars].",
            )
        for index, domain in enumerate(contract.domains):
            if domain in owners:
                table.reject("domains", f"{domain} belongs to {owners[domain]!r:.60}, too.", index)
            owners[domain] = name
        _check_dates(table, contract, context.today)
        _check_agents(table, contract, context)
    return found


def _read_contract(table: Table) -> ContractTerms:
    table.allow(
        "domains", "support_hours", "levels", "team_size", "channels", "starts", "ends",
        "price_model", "confidential", "bucket_hours", "bucket_per",
    )  # fmt: skip
    model = table.word("price_model", PriceModel)
    if "bucket_per" in table and "bucket_hours" not in table:
        table.reject("bucket_per", "is the period of bucket_hours, which is missing: add it.")
    if model is PriceModel.BUCKET and "bucket_hours" not in table:
        table.reject("price_model", "needs bucket_hours: add how many hours were bought.")
    return ContractTerms(
        domains=_domains(table),
        support_hours=table.text("support_hours"),
        levels=table.words("levels", Level) or tuple(Level),
        team_size=table.count("team_size"),
        channels=table.words("channels", Channel) or tuple(Channel),
        starts=table.day("starts"),
        ends=table.day("ends"),
        confidential=_confidential(table),
        price_model=model,
        bucket_hours=table.count("bucket_hours"),
        bucket_per=table.word("bucket_per", BucketPeriod) or BucketPeriod.MONTH,
    )


def _confidential(table: Table) -> tuple[str, ...]:
    if "confidential" not in table:
        return ()
    logins = table.texts("confidential")
    if not logins:
        table.reject("confidential", "name the agents who may see this customer's tickets.")
    for index, login in enumerate(logins):
        if not _LOGIN.fullmatch(login):
            table.reject("confidential", f"{login!r:.60} is no agent's login.", index)
    return tuple(logins)


def _check_agents(table: Table, contract: ContractTerms, context: PolicyContext) -> None:
    if context.agents is None:
        return
    for index, login in enumerate(contract.confidential):
        if login not in context.agents:
            text = _("{login} is no agent of this desk: nobody of that name sees the tickets.")
        elif not context.agents[login]:
            text = _("{login} is disabled on this desk.")
        else:
            continue
        table.warn("confidential", text.format(login=repr(login[:60])), index)
    if contract.confidential and not any(context.agents.get(one) for one in contract.confidential):
        words = _("no active agent is named: only auditors would see this customer's tickets.")
        table.warn("confidential", words)


def _domains(table: Table) -> tuple[str, ...]:
    domains = []
    for index, text in enumerate(table.texts("domains")):
        if _DOMAIN.fullmatch(text):
            domains.append(text.lower())
        else:
            table.reject("domains", f"{text!r:.60} is no mail domain like contoso.example.", index)
    return tuple(domains)


def _check_dates(table: Table, contract: ContractTerms, today: date) -> None:
    starts, ends = contract.starts, contract.ends
    if starts is not None and ends is not None and ends < starts:
        table.reject("ends", f"the contract ends ({ends}) before it starts ({starts}).")
    elif ends is not None and ends < today:
        table.reject(
            "ends", f"the contract ended on {ends}: renew it, or take the customer out of the file."
        )
