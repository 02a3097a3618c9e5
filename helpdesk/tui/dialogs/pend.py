"""Letting a ticket wait."""

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Input

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Pend
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput


class PendDialog(TicketDialog):
    """For whom or what, and until when."""

    MANUAL = "agent#let-a-ticket-wait"
    NAME, TITLE_TEXT, DONE = "pend", "Let wait", "waits"
    HINTS = "Ctrl+S save   ↑↓ choose   Esc back"

    def fields(self) -> Iterable[Widget]:
        """For whom, until when."""
        yield self.label("Waits for: requester (its clock pauses), vendor, or date")
        yield ChoiceInput(tuple(Waiting), name="on", value=Waiting.REQUESTER)
        yield self.label("Until: 2h, 3d or 2026-12-01 09:00; needed for a date")
        yield Input("", id="until")

    def action(self) -> Callable[[Desk], Action]:
        """Pend."""
        wanted = self.value("on").strip().lower()
        waiting = next((one for one in Waiting if one.startswith(wanted) and wanted), None)
        if waiting is None:
            raise RefusedError(f"{wanted[:20]!r} is none of {', '.join(Waiting)}: choose with ↑↓.")
        until = self.value("until")
        return lambda _: Pend(waiting, until)
