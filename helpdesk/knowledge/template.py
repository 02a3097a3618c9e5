"""The templates of new articles and SOPs."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

import yaml

from helpdesk.domain.text import storable

_SECTIONS = {
    "article": (
        ("Symptoms", "- What the user sees, with the literal message in `backticks`."),
        ("Cause", "Why it happens."),
        ("Answer", "What the user is told to do; this text is sent as it stands."),
        ("Steps", "1. What the agent does, and how to see that it worked."),
        ("When to escalate", "To which level, and with which facts."),
        ("See also", ""),
    ),
    "sop": (
        ("Purpose", "What this procedure achieves."),
        ("Before you start", "- What must be at hand."),
        ("Steps", "- [ ] One action, and how to check it."),
        ("When to escalate", "To which level, and with which facts."),
        ("Records", "- What is written into the ticket."),
        ("See also", ""),
    ),
}


def template(
    kind: str,
    title: str,
    owner: str,
    today: date,
    *,
    service: str = "",
    aliases: Sequence[str] = (),
    texts: Mapping[str, str] = MappingProxyType({}),
) -> str:
    """Return the text of a new article or SOP, as a draft.

    :param kind: ``article`` or ``sop``.
    :param texts: the texts of sections by name; a section without one contains a hint.
    """
    title = storable(title)
    head = {
        "title": title,
        "kind": kind,
        "tags": [],
        "aliases": list(aliases),
        "service": service,
        "status": "draft",
        "owner": owner,
        "reviewed": today,
    }
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    sections = "\n".join(
        f"## {name}\n\n{texts.get(name) or hint}\n" for name, hint in _SECTIONS[kind]
    )
    return f"---\n{front}---\n# {title}\n\n{sections}"
