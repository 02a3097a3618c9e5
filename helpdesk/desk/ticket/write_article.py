"""Writing the article from a ticket: a draft with what was asked and how it was answered.

What is known of persons is left out: an article is read by everybody.
"""

import re
from dataclasses import dataclass

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.redact import without_persons
from helpdesk.domain.roles import Right
from helpdesk.domain.text import inert, one_line
from helpdesk.domain.text_words import words
from helpdesk.domain.ticket import LinkKind
from helpdesk.knowledge import writing
from helpdesk.knowledge.front_matter import KINDS
from helpdesk.knowledge.template import template
from helpdesk.knowledge.writing import Source

_TITLE_LIMIT = 120
_SLUG_WORDS = 6
_ALIASES = 5
_BODY_LIMIT = 4_000
_HEADING = re.compile(r"^(#{1,6}\s|---\s*$|\.\.\.\s*$|```|~~~)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the article of a ticket could lie, and how it could be called."""

    path: str
    title: str


def propose(desk: Desk, number: int) -> Proposal:
    """Return a path and a title for the article of a ticket."""
    ticket = show_ticket.show(desk, number)
    title = _title(ticket)
    slug = "-".join(words(title)[:_SLUG_WORDS]) or ticket.ref.lower()
    folder = "-".join(words(ticket.service)) or "general"
    return Proposal(f"{folder}/{slug}.md", title)


def begin_from(desk: Desk, number: int, path: str, title: str, kind: str) -> Source:
    """Return the draft of an article with a ticket's words; it is no file before it is saved.

    :raises RefusedError: if the path is taken or none for an article.
    """
    desk.require(Right.EDIT_KB)
    if kind not in KINDS:
        raise RefusedError(f"{one_line(kind)[:20]!r} is no template: use {' or '.join(KINDS)}.")
    writing.require_free(desk.library.folder, path)
    ticket = show_ticket.show(desk, number)
    text = template(
        kind,
        title.strip() or _title(ticket),
        desk.login,
        desk.now().date(),
        service=ticket.service,
        aliases=_aliases(ticket),
        texts={
            "Symptoms": _quoted(ticket, f"{ticket.subject}\n\n{ticket.body[:_BODY_LIMIT]}"),
            "Answer": _quoted(ticket, _answer(ticket)),
        },
    )
    return Source(path, text, "")


def _title(ticket: TicketView) -> str:
    return one_line(_plain(ticket, ticket.subject))[:_TITLE_LIMIT].strip(" …:-") or ticket.ref


def _aliases(ticket: TicketView) -> list[str]:
    """Return how others called the same issue: the subjects of its duplicates."""
    said = [
        one_line(_plain(ticket, link.subject))[:_TITLE_LIMIT]
        for link in ticket.links
        if link.kind is LinkKind.DUPLICATE and not link.outward
    ]
    own = _title(ticket).casefold()
    return [text for text in dict.fromkeys(said) if text.casefold() != own][:_ALIASES]


def _answer(ticket: TicketView) -> str:
    replies = [event.text for event in ticket.events if event.type is EntryType.REPLIED]
    return replies[-1][:_BODY_LIMIT] if replies else ""


def _plain(ticket: TicketView, text: str) -> str:
    people = [ticket.requester, *ticket.further_requesters]
    names = [name for one in people if one for name in (one.name, one.mail)]
    return without_persons(inert(text), names)


def _quoted(ticket: TicketView, text: str) -> str:
    """Return a text so that nothing in it passes for a heading of the article."""
    return _HEADING.sub(r"\\\1", _plain(ticket, text)).strip()
