"""Dialogs of handing over: escalate up, return down."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.actions import Action, Escalate, SendBack
from helpdesk.desk.session import Desk
from helpdesk.desk.views import HandOverDraft, TicketView
from helpdesk.domain.errors import RefusedError
from helpdesk.domain.escalation import HandOver, Level
from helpdesk.tui.dialogs.base import TicketDialog, text_area
from helpdesk.tui.dialogs.choice import ChoiceInput


class EscalateDialog(TicketDialog):
    """Reason and hand-over note; the next level is chosen already."""

    NAME, TITLE_TEXT, DONE = "escalate", "Escalate", "escalated"
    HINTS = "Ctrl+S escalate   ↑↓ reasons   Ctrl+L other level   Esc back (draft kept)"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+l", "next_level", show=False, priority=True)
    ]

    def __init__(self, ticket: TicketView, draft: HandOverDraft) -> None:
        super().__init__(ticket)
        self._draft = draft
        self._target = 0

    def fields(self) -> Iterable[Widget]:
        """Target, reason, asked; tried and known are filled from the timeline."""
        yield Static(Content(self._target_text()), id="target", markup=False)
        yield self.label("Reason")
        yield ChoiceInput(self._draft.reasons, name="reason")
        yield self.label("Asked: what should the next level do?")
        yield text_area("asked", short=True)
        yield self.label("Tried")
        yield text_area("tried", self._draft.note.tried, short=True)
        yield self.label("Known")
        yield text_area("known", self._draft.note.known, short=True)

    def _target_text(self) -> str:
        if not self._draft.targets:
            return "there is no higher level"
        level = self._draft.targets[self._target]
        waiting = self._draft.queue_lengths.get(level, 0)
        return f"{self.ticket.queue} → {level}   {waiting} open there"

    def action_next_level(self) -> None:
        """Choose the next of the higher levels."""
        if self._draft.targets:
            self._target = (self._target + 1) % len(self._draft.targets)
            self.query_one("#target", Static).update(Content(self._target_text()))

    def action(self) -> Callable[[Desk], Action]:
        """Escalate."""
        if not self._draft.targets:
            raise RefusedError(f"{self.ticket.ref} is in the highest queue: nothing lies above.")
        note = HandOver(self.value("tried"), self.value("known"), self.value("asked"))
        target, reason = self._draft.targets[self._target], self.value("reason")
        return lambda _: Escalate(target, reason, note)


class ReturnDialog(TicketDialog):
    """Sending a ticket back, with a reason."""

    NAME, TITLE_TEXT, DONE = "return", "Return", "returned"
    HINTS = "Ctrl+S return   Esc back (draft kept)"
    FIRST_FIELD = "#reason"  # the level is chosen already

    def fields(self) -> Iterable[Widget]:
        """Target and reason."""
        yield self.label("To level")
        yield Input(str(self.ticket.queue.below or ""), id="level")
        yield self.label("Reason: what is known now, what should be done?")
        yield text_area("reason", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Return."""
        wanted = self.value("level").strip().upper()
        level = next((level for level in Level if level == wanted), None)
        if level is None:
            raise RefusedError(f"{wanted[:20]!r} is no level: use one of {', '.join(Level)}.")
        reason = self.value("reason")
        return lambda _: SendBack(level, reason)
