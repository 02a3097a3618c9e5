"""The dialog that puts a ticket on hold."""

from collections.abc import Callable, Iterable

from textual.widget import Widget

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Pend
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.desk_zone import zone_hint
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.ticket import Waiting
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.stored_text import LineField


class PendDialog(TicketDialog):
    """Put a ticket on hold: for whom or what it waits, and until when."""

    MANUAL = "agent#let-a-ticket-wait"
    NAME, TITLE_TEXT, DONE = "pend", "Let wait", "waits"
    HINTS = "Ctrl+S save   ↑↓ choose   Esc back"

    def fields(self) -> Iterable[Widget]:
        """Return the fields for the reason of waiting and its end."""
        yield self.label("Waits for: requester (its clock pauses), vendor, or date")
        yield ChoiceInput(tuple(Waiting), name="on", value=Waiting.REQUESTER)
        zone = zone_hint(self.desk_app.now())
        yield self.label(f"Until: 2h, 3d or 2026-12-01 09:00{zone}; needed for a date")
        yield LineField("", id="until")

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that puts the ticket on hold.

        :raises RefusedError: if it is not stated for whom or what it waits.
        """
        entered = self.value("on").strip().lower()
        waiting = next((kind for kind in Waiting if entered and kind.startswith(entered)), None)
        if waiting is None:
            raise RefusedError(f"{entered[:20]!r} is none of {', '.join(Waiting)}: choose with ↑↓.")
        until = self.value("until")
        return lambda _: Pend(waiting, until)
