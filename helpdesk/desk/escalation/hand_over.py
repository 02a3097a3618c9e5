"""Hand a ticket over: escalate it, send it back, or ask the lead to step in.

A level that is skipped is named in the timeline and its members are notified.  A ticket is not
handed to a level that nobody serves.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy.orm import Session

from helpdesk.desk.escalation.views import HandOverDraft, HandOverTarget
from helpdesk.desk.people import levels
from helpdesk.desk.session import Desk
from helpdesk.desk.sla import agreement
from helpdesk.desk.sla.history import effective_entries
from helpdesk.desk.unit_of_work.recorder import TicketChange, hand_over_data
from helpdesk.domain.entry_type import EntryType
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import (
    LEAD_AFTER_RETURNS,
    REASONS,
    HandOver,
    Level,
    require_escalation,
    require_return,
    skipped_levels,
)
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.domain.text import accept, accept_required
from helpdesk.domain.ticket import Verb, ref
from helpdesk.store.models import Ticket, TicketEvent
from helpdesk.store.ticket import tickets

_QUOTE_LENGTH = 160
_MAX_REFERENCES = 12
_ADDRESS = re.compile(r"https?://[^\s<>\"')\]]{4,300}")


def draft(desk: Desk, number: int) -> HandOverDraft:
    """Return the initial contents of the escalation dialog, taken from the ticket's timeline.

    :raises NotFoundError: if there is no such ticket.
    """
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        views = {view.level: view for view in levels.read(desk, session)}
        rules = agreement.rules_in_force(session)
        order = list(Level)
        above = order[order.index(ticket.queue) + 1 :]
        next_level = rules.ladder.get(ticket.queue)
        bought = levels.contracted_levels(session, ticket)
        note = _from_timeline(session, ticket)
    targets = [
        HandOverTarget(
            views[level],
            skipped=skipped_levels(rules.ladder, ticket.queue, level),
            bought=level in bought,
        )
        for level in above
    ]
    # The next level of the policy comes first, then the other ones in their order.
    targets.sort(key=lambda target: target.level.level is not next_level)
    return HandOverDraft(targets=tuple(targets), reasons=REASONS, note=note)


def _from_timeline(session: Session, ticket: Ticket) -> HandOver:
    rows = [event for event, _ in tickets.events(session, ticket.id)]
    articles = tickets.articles(session, ticket.id)
    tried = [f"article {path}" for path in articles]
    known: list[str] = []
    for event in rows:
        tried += _tried(event)
        if event.type is EntryType.UNTICKED:
            tried = [line for line in tried if line != _step(event)]
        if event.type in (EntryType.NOTED, EntryType.REQUESTER_WROTE):
            known.append(_quote(event.text))
        elif event.type in (EntryType.ESCALATED, EntryType.RETURNED) and event.data.get("known"):
            known += str(event.data["known"]).splitlines()
    return HandOver(
        tried=_lines(tried),
        known=_lines(known),
        references=_lines(_references(session, ticket, rows, articles)),
    )


def _tried(event: TicketEvent) -> list[str]:
    """Return what was tried according to an entry, one line for each attempt."""
    if event.type is EntryType.REPLIED:
        return [_quote(event.text)]
    if event.type is EntryType.TICKED:
        return [_step(event)]
    if event.type is EntryType.ESCALATED:
        return str(event.data.get("tried", "")).splitlines()
    return []


def _step(event: TicketEvent) -> str:
    """Return the line for a ticked step of an SOP."""
    return f"{event.data['sop']} {event.data['step']}: {_quote(str(event.data['text']))}"


def _references(
    session: Session, ticket: Ticket, rows: Iterable[TicketEvent], articles: list[str]
) -> list[str]:
    found = list(articles)
    found += [ref(other.id) for _, other in tickets.links(session, ticket.id)]
    for text in (ticket.body, *(event.text for event in rows)):
        found += _ADDRESS.findall(text)
    for event in rows:
        found += str(event.data.get("references", "")).splitlines()
    return list(dict.fromkeys(found))[:_MAX_REFERENCES]


def _lines(parts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(part for part in parts if part.strip()))


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTE_LENGTH else f"{line[: _QUOTE_LENGTH - 1]}…"


@dataclass(frozen=True, slots=True)
class Escalate:
    """Hand a ticket to a higher level, with a reason and a hand-over note.

    The assignee is cleared and a pause ends; the SLA agreement does not change.

    :ivar fill: fill the empty fields of the note from the timeline, as the dialog does.
    """

    to: Level
    reason: str
    note: HandOver
    fill: bool = False
    verb: ClassVar[Verb] = Verb.ESCALATE

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Put the ticket into the higher level's queue.

        :raises RefusedError: if a part of the note that the policy requires is missing (the message
            names all of them), or if nobody serves that level.
        """
        note, reason = _accept(self.note), accept(self.reason.strip(), "reason")
        source = change.ticket.queue
        rules = agreement.rules_in_force(change.session)
        if self.fill and note:
            note = _filled(change, note)
        require_escalation(
            source, self.to, reason, note, change.ref, rules.levels[self.to].requires
        )
        _require_members(change, self.to)
        change.wake()
        skipped = skipped_levels(rules.ladder, source, self.to)
        change.hand_over(EntryType.ESCALATED, self.to, hand_over_data(reason, note, skipped))


def _filled(change: TicketChange, note: HandOver) -> HandOver:
    drafted = _from_timeline(change.session, change.ticket)
    return HandOver(
        tried=note.tried or drafted.tried,
        known=note.known or drafted.known,
        asked=note.asked,
        references=note.references or drafted.references,
    )


@dataclass(frozen=True, slots=True)
class SendBack:
    """Return a ticket to a lower level, with a reason.

    A ticket that is returned too often is escalated to the lead.

    :ivar to: the target level; None for the next lower one.
    :ivar note: what is known by now, for the agents who get the ticket back.
    """

    to: Level | None
    reason: str
    note: str = ""
    verb: ClassVar[Verb] = Verb.RETURN

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Put the ticket into the lower level's queue.

        :raises RefusedError: if there is no reason, or nobody serves that level.
        """
        source = change.ticket.queue
        to = self.to or _level_below(source)
        reason = accept(self.reason.strip(), "reason")
        known = accept(self.note.strip(), "hand-over note")
        require_return(source, to, reason, change.ref)
        _require_members(change, to)
        change.wake()
        change.hand_over(EntryType.RETURNED, to, {"reason": reason, "known": known})
        _escalate_ping_pong(change)


def _escalate_ping_pong(change: TicketChange) -> None:
    """Escalate a ticket to the lead if it has been returned too often."""
    change.session.flush()
    types = (EntryType.RETURNED, EntryType.UNDONE, EntryType.CHANGED)
    moves = effective_entries(tickets.events_of_types(change.session, change.ticket.id, types))
    returns = sum(event.type is EntryType.RETURNED for event in moves)
    if returns >= LEAD_AFTER_RETURNS and change.ticket.with_lead_since is None:
        change.escalate_to_lead(f"returned {returns} times")


@dataclass(frozen=True, slots=True)
class ToLead:
    """Ask the lead to step in; queue and assignee do not change."""

    reason: str
    verb: ClassVar[Verb] = Verb.LEAD

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Put the ticket on the lead's list.

        :raises RefusedError: if it is on the list already.
        """
        reason = accept_required(self.reason, "reason for the lead", "--reason")
        since = change.ticket.with_lead_since
        if since is not None:
            raise RefusedError(
                f"{change.ref} has been with the lead since {since:%Y-%m-%d %H:%M} UTC: "
                "add a note instead (ticket note; in the app i)."
            )
        change.escalate_to_lead(reason.strip())


@dataclass(frozen=True, slots=True)
class FromLead:
    """Give a ticket back from the lead to its team."""

    reason: str
    verb: ClassVar[Verb] = Verb.LEAD

    def apply(self, desk: Desk, change: TicketChange) -> None:
        """Take the ticket off the lead's list.

        :raises NotPermittedError: if the acting agent is not a lead.
        :raises RefusedError: if the ticket is not on the list.
        """
        desk.require(Right.LEAD)
        reason = accept_required(self.reason, "message to the team", "--note")
        if change.ticket.with_lead_since is None:
            raise RefusedError(f"{change.ref} is not with the lead: there is nothing to give back.")
        change.ticket.with_lead_since = None
        change.record(EntryType.LEAD_DONE, data={"reason": reason.strip()})


def _require_members(change: TicketChange, level: Level) -> None:
    ticket = change.ticket
    if levels.is_served(change.session, level, ticket.customer_id):
        return
    if levels.is_served(change.session, level, None):
        raise RefusedError(
            _(
                "{ticket} is not handed to {level}: it is confidential, and nobody who may see it "
                "serves {level}; choose another level, or name an agent of {level} in the policy."
            ).format(ticket=change.ref, level=level)
        )
    raise RefusedError(
        f"{change.ref} is not handed to {level}: nobody serves it and nobody would see the "
        f"ticket; choose another level, or add an agent (helpdesk agent add LOGIN --level "
        f"{level})."
    )


def _accept(note: HandOver) -> HandOver:
    return HandOver(
        tried=accept(note.tried.strip(), "hand-over note"),
        known=accept(note.known.strip(), "hand-over note"),
        asked=accept(note.asked.strip(), "hand-over note"),
        references=accept(note.references.strip(), "hand-over note"),
    )


def _level_below(level: Level) -> Level:
    below = level.below
    if below is None:
        raise RefusedError("a ticket in queue L1 cannot be returned: there is no level below.")
    return below
