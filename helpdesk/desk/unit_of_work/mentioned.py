"""The agents whom a text names (``@bob``): whom it reaches, and whom it does not, and why."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.desk.unit_of_work import confidentiality
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.i18n import _
from helpdesk.domain.notices import mentioned_names, mentions
from helpdesk.domain.ticket import ref
from helpdesk.store.models import Agent, Ticket
from helpdesk.store.people import notices, people

_HAND_OVER_WORDS = ("reason", "tried", "known", "asked", "references")


def mentioning_text(entry: EntryType, text: str, data: Mapping[str, Any]) -> str:
    """Return the text of a timeline entry in which agents can be mentioned; "" if there is none."""
    if entry in (EntryType.NOTED, EntryType.REPLIED):
        return text
    return hand_over_text(data) if entry.is_hand_over else ""


def hand_over_text(data: Mapping[str, Any]) -> str:
    """Return all texts of a hand-over, from the data of its entry."""
    return "\n".join(str(data.get(word, "")) for word in _HAND_OVER_WORDS)


def reached(session: Session, text: str) -> set[int]:
    """Return the active agents whom a text mentions."""
    named = mentions(text)
    return notices.agents_named(session, named) if named else set()


def unreached(session: Session, ticket: Ticket, texts: Iterable[str]) -> tuple[str, ...]:
    """Return a sentence for everybody whom the texts mention and who gets no notice of it."""
    found = [spellings for text in texts for spellings in mentioned_names(text)]
    if not found:
        return ()
    logins = {spelling for spellings in found for spelling in spellings}
    known = {agent.login: agent for agent in people.agents_of(session, logins)}
    outsiders = confidentiality.outsiders(session, ticket, [one.id for one in known.values()])
    return tuple(dict.fromkeys(_sentences(found, known, outsiders, ref(ticket.id))))


def _sentences(
    found: Iterable[tuple[str, ...]], known: Mapping[str, Agent], outsiders: set[int], ticket: str
) -> Iterator[str]:
    for spellings in found:
        agent = next((known[login] for login in spellings if login in known), None)
        if agent is None:
            yield _("@{login} is no agent of this desk: nobody was told.").format(
                login=spellings[-1]
            )
        elif not agent.active:
            yield _("@{login} is disabled and was not told.").format(login=agent.login)
        elif agent.id in outsiders:
            yield _("@{login} may not see {ticket} and was not told.").format(
                login=agent.login, ticket=ticket
            )
