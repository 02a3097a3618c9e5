"""``[services.NAME]``: what tickets are about."""

from dataclasses import dataclass

from helpdesk.policy.table import Table

_KEYWORDS_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service.

    :ivar keywords: words in a query that point to it, separated by blanks.
    :ivar production: whether the business stops when it does.
    :ivar owner: who answers for it: a person or a team.
    """

    keywords: str = ""
    production: bool = False
    owner: str = ""


def read_services(document: Table) -> dict[str, ServiceTerms]:
    """Return the services by name."""
    found = {}
    for name, table in document.tables("services"):
        table.allow("keywords", "production", "owner")
        found[name] = ServiceTerms(
            keywords=table.text("keywords", limit=_KEYWORDS_LIMIT).lower(),
            production=table.flag("production"),
            owner=table.text("owner"),
        )
    return found
