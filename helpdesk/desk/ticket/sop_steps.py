"""Standard operating procedures (SOPs) on a ticket: which apply, and which steps are done.

Ticks are stored as timeline entries only, so that they still tell who did what, and when, after
the SOP was rewritten.  A step is identified by its text, so inserting a step before it does not
move its tick.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.desk.knowledge.articles import may_see, require_article
from helpdesk.desk.search.suggest import suggest, ticket_text
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.show_ticket import show
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.unit_of_work.transaction import changing
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.roles import Right
from helpdesk.domain.ticket import Verb
from helpdesk.knowledge.article import Article
from helpdesk.knowledge.steps import step_texts
from helpdesk.store.ticket import tickets

_HITS = 12
_SUGGESTED = 3

#: A step: the SOP's path, the step's text, and its index among steps with the same text.
_Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class SopStep:
    """A step of an SOP on one ticket.

    :ivar number: its place in the SOP, counted from 1.
    :ivar heading: the heading above it, if it is the first step below that; else "".
    :ivar indent: how many blanks stand before it in the source.
    :ivar details: the lines below its first line; "" if there are none.
    :ivar by: the login of the agent who ticked it, or "".
    :ivar at: when it was ticked, in UTC; None if it is not done.
    """

    number: int
    text: str
    done: bool
    by: str
    at: datetime | None
    heading: str = ""
    indent: int = 0
    details: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """An SOP that applies to a ticket, because it was ticked or used on it or is similar to it."""

    path: str
    title: str
    steps: tuple[SopStep, ...]

    @property
    def done(self) -> int:
        """The number of steps that are done."""
        return sum(step.done for step in self.steps)


@dataclass(frozen=True, slots=True)
class _Tick:
    done: bool
    by: str
    at: datetime


def procedures(desk: Desk, number: int) -> tuple[Procedure, ...]:
    """Return the SOPs that apply to a ticket: those in use first, then similar ones."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        ticks = _ticks(session, number)
        used = tickets.articles(session, number)
        text = ticket_text(ticket.subject, ticket.body)
    paths = dict.fromkeys([path for path, _, _ in ticks] + used)
    found = [sop for path in paths if (sop := _sop(desk, path))]
    for path in _suggested(desk, text):
        if len(found) >= len(paths) + _SUGGESTED:
            break
        if path not in paths and (sop := _sop(desk, path)):
            found.append(sop)
    return tuple(_view(sop, ticks) for sop in found)


def _suggested(desk: Desk, text: str) -> Iterator[str]:
    try:
        found = suggest(desk, text, "kb", _HITS, typing=False)
    except (DeskError, sqlite3.Error, OSError):
        return
    yield from (hit.id for hit in found.hits if hit.is_worth_showing)


def _sop(desk: Desk, path: str) -> Article | None:
    """Return the SOP of that path; None if it is missing, broken, hidden or not an SOP."""
    try:
        article = desk.library.folder.read(path)
    except DeskError:
        return None
    return article if article.kind == "sop" and article.steps and may_see(desk, article) else None


def procedure(desk: Desk, number: int, path: str) -> Procedure:
    """Return one SOP with its ticks on a ticket.

    :raises NotFoundError: if there is no such article or ticket.
    :raises RefusedError: if the article is not an SOP.
    """
    sop = require_article(desk, path)
    _require_sop(sop)
    with desk.database.read() as session:
        tickets.load(session, number)
        return _view(sop, _ticks(session, number))


def tick(
    desk: Desk, number: int, path: str, step: int, *, done: bool = True, version: int | None = None
) -> TicketView:
    """Tick a step of an SOP on a ticket, or remove its tick; repeating that changes nothing.

    :param step: the number of the step, counted from 1.
    :param done: False to remove the tick.
    :param version: the version of the ticket that the agent has seen; None for the current one.
    :raises ConflictError: if the ticket has another version.
    :raises NotFoundError: if there is no such article or ticket.
    :raises RefusedError: if the article is not an SOP or has no such step.
    """
    sop = require_article(desk, path)
    _require_sop(sop)
    if not 1 <= step <= len(sop.steps):
        raise RefusedError(f"{path} has the steps 1 to {len(sop.steps)}: there is no step {step}.")
    with changing(desk, number, Verb.TICK, version) as change:
        key = _keys(sop)[step - 1]
        known = _ticks(change.session, number).get(key)
        if (known is not None and known.done) is not done:
            data = {"sop": path, "step": step, "text": key[1], "again": key[2]}
            change.record(EntryType.TICKED if done else EntryType.UNTICKED, data=data)
    return show(desk, number)


def _require_sop(article: Article) -> None:
    if article.kind != "sop":
        raise RefusedError(f"{article.path} is not an SOP: only SOPs have steps to tick.")


def _ticks(session: Session, number: int) -> dict[_Key, _Tick]:
    ticks: dict[_Key, _Tick] = {}
    events = tickets.events(session, number)
    undone = {event.data["of"] for event, _ in events if event.type is EntryType.UNDONE}
    for event, login in events:
        if event.data.get("version") in undone:
            continue
        if event.type in (EntryType.TICKED, EntryType.UNTICKED):
            data = event.data
            key = (str(data["sop"]), str(data["text"]), int(data.get("again", 0)))
            ticks[key] = _Tick(event.type is EntryType.TICKED, login or "", event.at)
    return ticks


def _keys(sop: Article) -> list[_Key]:
    seen: dict[str, int] = {}
    keys: list[_Key] = []
    for text in sop.steps:
        again = seen.get(text, 0)
        seen[text] = again + 1
        keys.append((sop.path, text, again))
    return keys


def _view(sop: Article, ticks: Mapping[_Key, _Tick]) -> Procedure:
    steps = []
    for number, (key, around) in enumerate(zip(_keys(sop), step_texts(sop.body), strict=True), 1):
        tick = ticks.get(key)
        done = tick is not None and tick.done
        by, at = (tick.by, tick.at) if tick is not None and done else ("", None)
        parts = (around.heading, around.indent, around.details)
        steps.append(SopStep(number, key[1], done, by, at, *parts))
    return Procedure(sop.path, sop.title, tuple(steps))
