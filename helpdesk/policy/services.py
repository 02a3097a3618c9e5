"""Reader of ``[services.NAME]``: the services that tickets are about."""

from dataclasses import dataclass

from helpdesk.policy.table import Table

_KEYWORDS_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class ServiceTerms:
    """A service.

    :ivar keywords: words in a ticket that suggest this service, in lower case, separated by blanks.
    :ivar production: whether business stops when the service stops.
    :ivar owner: the person or team responsible for it.
    """

    keywords: str = ""
    production: bool = False
    owner: str = ""


def read_services(document: Table) -> dict[str, ServiceTerms]:
    """Return the services by name; mistakes are reported."""
    found = {}
    for name, table in document.tables("services"):
        table.allow("keywords", "production", "owner")
        found[name] = ServiceTerms(
            keywords=table.text("keywords", limit=_KEYWORDS_LIMIT).lower(),
            production=table.flag("production"),
            owner=table.text("owner"),
        )
    return found
