"""What a record of the audit trail says was done, in words that people use."""

import re

from helpdesk.domain.ticket import number_in_ref

_ROW = re.compile(r"(add|set|drop) (\w+)(?: (.*))?")
_DONE = {"add": "added", "set": "changed", "drop": "removed"}
#: What people call a row of a table, where that is not the table's name in the singular.
_NAMES = {
    "agent_levels": "level of an agent",
    "agent_keys": "key",
    "customer_confidants": "confidant",
    "customer_domains": "mail domain",
    "desk_settings": "setting of the desk",
    "policy_versions": "policy",
    "requesters": "person",
    "saved_views": "view",
    "sla_policies": "service level",
    "sla_targets": "target",
    "ticket_articles": "article of ticket",
    "ticket_events": "entry",
    "ticket_links": "link of ticket",
    "ticket_requesters": "further requester of ticket",
    "ticket_tags": "tag of ticket",
    "time_entries": "time",
}


def in_words(did: str) -> str:
    """Return what was done: ``HD-1 resolved, person 3 added``, from ``AuditRecord.did``.

    What happened to a ticket says what happened to its own row, which is left out.
    """
    parts = did.split(", ")
    about_ticket = any(number_in_ref(part.partition(" ")[0]) is not None for part in parts)
    words = []
    for part in parts:
        found = _ROW.fullmatch(part)
        if found is None:
            words.append(part)
        elif not (about_ticket and found[2] == "tickets"):
            key = f" {found[3]}" if found[3] else ""
            words.append(f"{_name(found[2])}{key} {_DONE[found[1]]}")
    return ", ".join(words)


def _name(table: str) -> str:
    if table in _NAMES:
        return _NAMES[table]
    singular = f"{table[:-3]}y" if table.endswith("ies") else table.removesuffix("s")
    return singular.replace("_", " ")
