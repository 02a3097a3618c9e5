"""The targets of links by reference, which may stand anywhere in an article."""

import re

from helpdesk.knowledge.answer_sections import prose

_DEFINITION = re.compile(r"\s{0,3}\[(?!\^)[^\[\]]+\]:\s+\S")


def link_definitions(body: str) -> str:
    """Return the lines of a body that define links by reference, such as ``[name]: address``."""
    if "]: " not in body:
        return ""
    return "\n".join(line for _number, line in prose(body) if _DEFINITION.match(line))
