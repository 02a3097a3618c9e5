"""The changes that others made to a ticket while somebody wrote in it."""

from dataclasses import replace

from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.text import one_line
from helpdesk.tui.text.margin_text import Block, MarginText
from helpdesk.tui.text.timeline import timeline_content


def difference_content(seen: TicketView, now: TicketView) -> MarginText | None:
    """Return the changes between two readings of a ticket as text; None if there are none.

    :param seen: the ticket as the agent saw it.
    :param now: the ticket as it is now.
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
    parts.append(Block("Ctrl+S saves yours on top of it · Esc leaves it as a draft", "$secondary"))
    return MarginText(parts)
