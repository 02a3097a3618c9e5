"""Draft an article from a ticket, with its question and its answer.

Personal data is removed, because everybody can read an article.
"""

import re
from dataclasses import dataclass

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket import show_ticket
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.desk_zone import day_of
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.redact import redact_persons
from helpdesk.domain.roles import Right
from helpdesk.domain.text import inert, one_line
from helpdesk.domain.text_words import words
from helpdesk.domain.ticket import LinkKind
from helpdesk.knowledge import writing
from helpdesk.knowledge.front_matter import KINDS
from helpdesk.knowledge.template import template
from helpdesk.knowledge.writing import ArticleSource

_TITLE_LIMIT = 120
_SLUG_WORDS = 6
_ALIASES = 5
_BODY_LIMIT = 4_000
_HEADING = re.compile(r"^(#{1,6}\s|---\s*$|\.\.\.\s*$|```|~~~)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A path and a title for the article of a ticket."""

    path: str
    title: str


def propose(desk: Desk, number: int) -> Proposal:
    """Propose a path and a title for the article of a ticket.

    :raises NotFoundError: if there is no such ticket.
    """
    ticket = show_ticket.show(desk, number)
    title = _title(ticket)
    slug = "-".join(words(title)[:_SLUG_WORDS]) or ticket.ref.lower()
    folder = "-".join(words(ticket.service)) or "general"
    return Proposal(f"{folder}/{slug}.md", title)


def begin_from(desk: Desk, number: int, path: str, title: str, kind: str) -> ArticleSource:
    """Return the draft of an article from a ticket's texts; no file is written yet.

    :param kind: the name of the template.
    :raises NotFoundError: if there is no such ticket.
    :raises RefusedError: if there is no such template, or the path is taken or not valid.
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
        day_of(desk.now()),
        service=ticket.service,
        aliases=_aliases(ticket),
        texts={
            "Symptoms": _quoted(ticket, f"{ticket.subject}\n\n{ticket.body[:_BODY_LIMIT]}"),
            "Answer": _quoted(ticket, _answer(ticket)),
        },
    )
    return ArticleSource(path, text, "")


def _title(ticket: TicketView) -> str:
    return one_line(_plain(ticket, ticket.subject))[:_TITLE_LIMIT].strip(" …:-") or ticket.ref


def _aliases(ticket: TicketView) -> list[str]:
    """Return other names of the issue: the subjects of the ticket's duplicates."""
    subjects = [
        one_line(_plain(ticket, link.subject))[:_TITLE_LIMIT]
        for link in ticket.links
        if link.kind is LinkKind.DUPLICATE and not link.outward
    ]
    title = _title(ticket).casefold()
    return [text for text in dict.fromkeys(subjects) if text.casefold() != title][:_ALIASES]


def _answer(ticket: TicketView) -> str:
    replies = [event.text for event in ticket.events if event.type is EntryType.REPLIED]
    return replies[-1][:_BODY_LIMIT] if replies else ""


def _plain(ticket: TicketView, text: str) -> str:
    people = [ticket.requester, *ticket.further_requesters]
    names = [name for person in people if person for name in (person.name, person.mail)]
    return redact_persons(inert(text), names)


def _quoted(ticket: TicketView, text: str) -> str:
    """Return a text without personal data whose headings and fences are escaped."""
    return _HEADING.sub(r"\\\1", _plain(ticket, text)).strip()
