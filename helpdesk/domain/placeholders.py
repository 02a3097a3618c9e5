"""Placeholders in canned replies and macros: ``{requester}``, ``{ticket}`` and others."""

import re
from collections.abc import Mapping

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import ref

_PLACEHOLDER = re.compile(r"\{([a-z_]{1,30})\}")

#: Every placeholder, and the meaning of the value that replaces it.
PLACEHOLDERS: Mapping[str, str] = {
    "requester": "the requester's name",
    "mail": "the requester's mail address",
    "ticket": f"the ticket's number, {ref(12)}",
    "subject": "its subject",
    "customer": "the customer",
    "service": "the service",
    "priority": "P1 to P4",
    "queue": "the queue",
    "due": "when it is due next, in the time of this host",
    "agent": "your name",
    "login": "your login",
}


def require_known(text: str) -> None:
    """Refuse a text with an unknown placeholder.

    :raises RefusedError: naming the placeholder, and the known ones.
    """
    for name in _PLACEHOLDER.findall(text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{placeholder}}}" for placeholder in PLACEHOLDERS)
            raise RefusedError(f"{{{name}}} is no placeholder: use {known}.")


def fill_placeholders(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its placeholders replaced; placeholders within a value are not.

    :param values: a value for each name in :data:`PLACEHOLDERS`.
    :raises RefusedError: as :func:`require_known`.
    """
    require_known(text)
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)
