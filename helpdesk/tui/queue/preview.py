"""The pane below a queue: a summary of the ticket under the cursor, and similar documents."""

from datetime import datetime

from rich.cells import set_cell_size
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.search.views import Suggestions
from helpdesk.desk.sla.views import ClockView
from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.i18n import _
from helpdesk.domain.sla.clock import ClockName
from helpdesk.domain.text import one_line
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus, countdown_text
from helpdesk.tui.text.moments import clock_time_text, moment_text
from helpdesk.tui.ticket.side import WROTE

_TARGET_VERBS: dict[str, str] = {
    ClockName.FIRST_RESPONSE: "respond",
    ClockName.NEXT_UPDATE: "update",
    ClockName.RESOLUTION: "resolve",
}


class TicketPreview(Static):
    """Show a ticket in four lines."""

    DEFAULT_CSS = """
    TicketPreview {
        height: 5; border-top: solid $rule; padding: 0 1; color: $foreground;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self._shown: tuple[TicketView, Suggestions | None, datetime] | None = None

    def on_resize(self) -> None:
        """Fit the lines to the width."""
        if self._shown is not None:
            self.show(*self._shown)

    def clear(self) -> None:
        """Show nothing."""
        self._shown = None
        self.update(Content(""))

    def show(self, ticket: TicketView, suggestions: Suggestions | None, now: datetime) -> None:
        """Draw a ticket.

        :param suggestions: similar articles and tickets; None if they are not known yet.
        """
        self._shown = ticket, suggestions, now
        width = max(20, self.size.width - 2)
        ref = f"{ticket.ref}  "
        lines = [
            set_cell_size(one_line(ticket.subject), width - len(ref)),
            set_cell_size(self._facts(ticket), width),
            set_cell_size(self._text(ticket, now), width),
            set_cell_size(self._looks_like(suggestions), width),
        ]
        self.update(Content.styled(ref, "$accent") + Content("\n".join(lines)))

    def _facts(self, ticket: TicketView) -> str:
        parts: list[str] = [ticket.queue, ticket.priority, ticket.state]
        parts += [WROTE] if ticket.requester_wrote else []
        parts += [one_line(text) for text in (ticket.service, ticket.customer) if text]
        parts += [_target_text(clock) for clock in ticket.clocks]
        return " · ".join(parts)

    def _text(self, ticket: TicketView, now: datetime) -> str:
        sender = one_line(ticket.requester.called) if ticket.requester else "unknown requester"
        text = one_line(ticket.body[:600])
        logged = clock_time_text(ticket.created_at, now)
        return f"{logged} {sender} ({ticket.channel}){': ' if text else ''}{text}"

    def _looks_like(self, suggestions: Suggestions | None) -> str:
        if suggestions is None:
            return ""
        hits = [
            f"▸ {one_line(hit.id)}  {hit.score:.2f}{' repeat' if hit.repeat else ''}"
            for hit in suggestions.hits[:3]
            if hit.is_worth_showing
        ]
        return "Looks like:  " + "     ".join(hits) if hits else "Looks like: nothing known."


def _target_text(clock: ClockView) -> str:
    """Return the due time of a clock, in the desk's time zone.

    The pane is not redrawn each second, so it names the time; the list shows the countdown.
    """
    name = _TARGET_VERBS.get(clock.name, clock.name)
    shown = countdown_text(clock, clock.read_at)
    if clock.open and clock.due_at is not None:
        sign = SYMBOLS[CountdownStatus.BREACHED] if shown.status is CountdownStatus.BREACHED else ""
        by = _("due") if clock.due_at < clock.read_at else _("by")
        return f"{sign}{name} {by} {moment_text(clock.due_at, clock.read_at)}"
    return f"{name} {shown.text}"
