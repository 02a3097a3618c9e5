"""The changes that others made to a ticket while somebody wrote in it."""

from dataclasses import replace
from enum import StrEnum

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import works_in
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ALLOWED, State, Verb
from helpdesk.tui.text.margin_text import Block, MarginText
from helpdesk.tui.text.timeline import timeline_content


class Saving(StrEnum):
    """What saving would do to the changed ticket; the value is the hint for the agent."""

    ON_TOP = _("Ctrl+S saves yours on top of it")
    REOPENS = _("Ctrl+S reopens it and saves yours")
    NOT_IN_QUEUE = _("it can no longer be saved: you do not serve the queue that it is in now")
    NOT_IN_STATE = _("it can no longer be saved: the ticket is no longer in a state for it")


def saving(verb: Verb, now: TicketView, agent: AgentView, *, may_reopen: bool) -> Saving:
    """Return what saving would do to a ticket as it is now.

    :param may_reopen: whether the dialog can reopen the ticket before.
    """
    assigned = now.assignee == agent.login
    if not works_in(verb, now.queue, agent.role, agent.levels, assigned=assigned):
        return Saving.NOT_IN_QUEUE
    if now.state in ALLOWED[verb]:
        return Saving.ON_TOP
    reopens = now.state in ALLOWED[Verb.REOPEN] and State.OPEN in ALLOWED[verb]
    return Saving.REOPENS if may_reopen and reopens else Saving.NOT_IN_STATE


def difference_content(seen: TicketView, now: TicketView, hint: str) -> MarginText | None:
    """Return the changes between two readings of a ticket as text; None if there are none.

    :param seen: the ticket as the agent saw it.
    :param now: the ticket as it is now.
    :param hint: what saving would do.
    """
    known = {event.number for event in seen.events}
    new = tuple(event for event in now.events if event.number not in known)
    if not new:
        return None
    actors = ", ".join(dict.fromkeys(one_line(event.actor) for event in new))
    parts = [
        Block(f"CHANGED MEANWHILE by {actors}; what you wrote is kept below.", "bold $warning"),
        *timeline_content(replace(now, events=new, hand_over=None), whole=False).blocks,
    ]
    changed = [
        f"{name} {before or '–'} → {after or '–'}"
        for name, before, after in (
            ("state", seen.state, now.state),
            ("queue", seen.queue, now.queue),
            ("assignee", one_line(seen.assignee), one_line(now.assignee)),
            ("priority", seen.priority, now.priority),
        )
        if before != after
    ]
    if changed:
        parts.append(Block(f"now: {', '.join(changed)}"))
    parts.append(Block(f"{hint} · Esc leaves it as a draft", "$secondary"))
    return MarginText(parts)
