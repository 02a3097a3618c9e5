"""Handing a ticket from one tier to another: escalate up, send back down."""

from helpdesk.desk.change import changing
from helpdesk.desk.recording import Change
from helpdesk.desk.session import Desk
from helpdesk.desk.tickets import show
from helpdesk.desk.views import HandOverDraft, TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import (
    REASONS,
    HandOver,
    Level,
    require_escalation,
    require_return,
)
from helpdesk.domain.roles import Right
from helpdesk.domain.text import accept
from helpdesk.domain.ticket import Verb
from helpdesk.store import queues, tickets

_QUOTED = 160


def draft(desk: Desk, number: int) -> HandOverDraft:
    """Return what the escalation dialog begins with, taken from the ticket's timeline."""
    desk.require(Right.READ)
    with desk.database.read() as session:
        ticket = tickets.load(session, number)
        lengths = {row[0]: row[1] for row in queues.tallies(session, desk.now())}
        rows = [event for event, _ in tickets.events(session, number)]
        articles = tickets.articles(session, number)
        order = list(Level)
        targets = tuple(order[order.index(ticket.queue) + 1 :])
    tried = [f"article {path}" for path in articles]
    tried += [_quote(event.text) for event in rows if event.type == "replied"]
    known = [_quote(event.text) for event in rows if event.type == "noted"]
    return HandOverDraft(
        targets=targets,
        reasons=REASONS,
        note=HandOver(tried="\n".join(tried), known="\n".join(known)),
        queue_lengths={level: lengths.get(level, 0) for level in Level},
    )


def _quote(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _QUOTED else f"{line[: _QUOTED - 1]}…"


def escalate(
    desk: Desk,
    number: int,
    to: Level,
    reason: str,
    note: HandOver,
    version: int | None = None,
) -> TicketView:
    """Hand a ticket to a higher level, with a reason and what that level must know.

    The assignee is cleared and a pause ends; what was promised to the customer does not change.
    """
    with changing(desk, number, Verb.ESCALATE, version) as change:
        escalate_within(change, to, reason, note)
    return show(desk, number)


def escalate_within(change: Change, to: Level, reason: str, note: HandOver) -> None:
    """Escalate within a change that is under way."""
    note = _accept(note)
    source = change.ticket.queue
    require_escalation(source, to, reason, note, change.ref)
    change.wake()
    change.hand_over(
        "escalated",
        to,
        {
            "reason": accept(reason.strip(), "reason"),
            "tried": note.tried,
            "known": note.known,
            "asked": note.asked,
        },
    )


def send_back(
    desk: Desk, number: int, to: Level | None, reason: str, version: int | None = None
) -> TicketView:
    """Return a ticket to a lower level, with a reason.

    :param to: None for the next lower one.
    """
    with changing(desk, number, Verb.RETURN, version) as change:
        send_back_within(change, to, reason)
    return show(desk, number)


def send_back_within(change: Change, to: Level | None, reason: str) -> None:
    """Return within a change that is under way."""
    source = change.ticket.queue
    to = to or _level_below(source)
    require_return(source, to, reason, change.ref)
    change.wake()
    change.hand_over("returned", to, {"reason": accept(reason.strip(), "reason")})


def _accept(note: HandOver) -> HandOver:
    return HandOver(
        tried=accept(note.tried.strip(), "hand-over note"),
        known=accept(note.known.strip(), "hand-over note"),
        asked=accept(note.asked.strip(), "hand-over note"),
    )


def _level_below(level: Level) -> Level:
    below = level.below
    if below is None:
        raise RefusedError("a ticket in queue L1 cannot be returned: there is no level below.")
    return below
