"""The dialogs to set a follow-up date and to record a message from the requester."""

from collections.abc import Callable, Iterable

from textual.widget import Widget
from textual.widgets import Input

from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.follow_ups import FollowUp
from helpdesk.desk.ticket.handling import Receive
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.desk_zone import to_local, zone_hint
from helpdesk.domain.i18n import _
from helpdesk.domain.ticket import State
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.dialogs.writing import WritingDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.stored_text import text_area

_DATE_EXAMPLES = ("2h", "tomorrow", "3d", "mon 09:00")
_REOPEN, _LEAVE = "take it up again", "leave it resolved"
_LEAVE_CLOSED = "leave it closed"


class FollowUpDialog(TicketDialog):
    """Set the date on which to look at the ticket again."""

    MANUAL = "agent#let-a-ticket-wait"
    NAME, TITLE_TEXT, DONE = "follow-up", "Follow up", "has a follow-up date"
    HINTS = "Ctrl+S save   ↑↓ choose   Esc back"

    def fields(self) -> Iterable[Widget]:
        """Return the field for the date."""
        at, zone = self.ticket.follow_up_at, zone_hint(self.desk_app.now())
        current = f"{to_local(at):%a %Y-%m-%d %H:%M}{zone}" if at else "not set"
        yield self.label(f"Now: {current}. The assignee at that time is notified, once.")
        yield self.label(f"When: 2h, 3d, tomorrow, fri 14:00, 2026-12-01 09:00{zone}; empty: never")
        yield ChoiceInput(_DATE_EXAMPLES, name="when")

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that sets the date, or removes it if the field is empty."""
        when = self.value("when")
        self.DONE = "follow-up date set" if when.strip() else "has no follow-up date any more"
        return lambda _: FollowUp(when)


class ReceiveDialog(WritingDialog):
    """Record what the requester wrote, or said by phone or in person."""

    MANUAL = "agent#answer-and-note"
    NAME, TITLE_TEXT, DONE = "receive", "From the requester", "has the requester's message"
    HINTS = "Ctrl+S save   Ctrl+R quote   F4 $EDITOR   Esc back"

    def fields(self) -> Iterable[Widget]:
        """Return the text field; for a finished ticket also the choice whether to reopen it."""
        yield self.label("What did the requester say?")
        yield text_area("text")
        state = self.ticket.state
        if state.is_active:
            return
        if self.ticket.merged_into:
            text = _("It was merged: {other} gets the message (↑↓):")
            yield self.label(text.format(other=self.ticket.merged_into))
        else:
            yield self.label(_("The ticket is {state} (↑↓):").format(state=state))
        leave = _LEAVE_CLOSED if state is State.CLOSED else _LEAVE
        yield ChoiceInput((_REOPEN, leave), name="then", value=_REOPEN)

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that records the message."""
        fields = self.query("#then")
        reopen = not fields or not fields.first(Input).value.startswith(_LEAVE[:5])
        text = self.value("text")
        return lambda _: Receive(text, reopen=reopen)
