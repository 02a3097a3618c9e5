"""The dialogs of keeping at it: a date to look again, and what the requester said."""

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Input

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Receive
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.ticket import State
from helpdesk.tui.dialogs.base import TicketDialog, text_area
from helpdesk.tui.widgets.choice_input import ChoiceInput

_SOON = ("2h", "tomorrow", "3d", "mon 09:00")
_REOPEN, _LEAVE = "take it up again", "leave it resolved"


class FollowUpDialog(TicketDialog):
    """When to look at the ticket again."""

    MANUAL = "agent#let-a-ticket-wait"
    NAME, TITLE_TEXT, DONE = "follow-up", "Follow up", "has a follow-up date"
    HINTS = "Ctrl+S save   ↑↓ choose   Esc back"

    def fields(self) -> Iterable[Widget]:
        """The date."""
        at = self.ticket.follow_up_at
        is_now = f"{at.astimezone():%a %Y-%m-%d %H:%M}" if at else "not set"
        yield self.label(f"Now: {is_now}. Whoever has the ticket then is told, once.")
        yield self.label("When: 2h, 3d, tomorrow, fri 14:00, 2026-12-01 09:00; empty: never")
        yield ChoiceInput(_SOON, name="when")

    def action(self) -> Callable[[Desk], Action]:
        """Set the date, or take it back."""
        when = self.value("when")
        self.DONE = "follow-up date set" if when.strip() else "has no follow-up date any more"
        return lambda _: FollowUp(when)


class ReceiveDialog(TicketDialog):
    """What the requester wrote or said, by phone or at the desk."""

    MANUAL = "agent#answer-and-note"
    NAME, TITLE_TEXT, DONE = "receive", "From the requester", "has the requester's message"

    def fields(self) -> Iterable[Widget]:
        """The text; of a resolved ticket, what becomes of it."""
        yield self.label("What did the requester say?")
        yield text_area("text")
        if self.ticket.state is State.RESOLVED:
            yield self.label("The ticket is resolved (↑↓):")
            yield ChoiceInput((_REOPEN, _LEAVE), name="then", value=_REOPEN)

    FIRST_FIELD = "TextArea"

    def action(self) -> Callable[[Desk], Action]:
        """Record it."""
        fields = self.query("#then")
        reopen = not fields or not fields.first(Input).value.startswith(_LEAVE[:5])
        text = self.value("text")
        return lambda _: Receive(text, reopen=reopen)
