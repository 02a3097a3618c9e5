"""Beginning a new article."""

import os
from datetime import date
from pathlib import PurePosixPath

import yaml

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.text import one_line
from helpdesk.knowledge.folder import KnowledgeFolder

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


def template(kind: str, title: str, owner: str, today: date) -> str:
    """Return the text of a new article or SOP, as a draft."""
    head = {
        "title": title,
        "kind": kind,
        "tags": [],
        "aliases": [],
        "service": "",
        "status": "draft",
        "owner": owner,
        "reviewed": today,
    }
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    sections = "\n".join(f"## {name}\n\n{text}\n" for name, text in _SECTIONS[kind])
    return f"---\n{front}---\n# {title}\n\n{sections}"


def create(folder: KnowledgeFolder, path: str, text: str) -> None:
    """Write a new file into the folder.

    :raises RefusedError: if the path is no ``name.md`` inside the folder, or is taken.
    """
    parts = PurePosixPath(path).parts
    if (
        not path.endswith(".md")
        or path.startswith("/")
        or one_line(path) != path
        or any(part.startswith(".") for part in parts)
    ):
        raise RefusedError(
            f"{one_line(path)[:80]!r} is no path for an article: use one such as vpn/new-issue.md."
        )
    file = folder.root.joinpath(*parts)
    if not file.parent.resolve().is_relative_to(folder.root.resolve()):
        raise RefusedError(f"{path} leads out of the knowledge base: choose another path.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    except FileExistsError:
        raise RefusedError(f"{path} exists already: choose another path.") from None
    except OSError as error:
        raise RefusedError(f"{path} cannot be written ({error.strerror}).") from error
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(text)
