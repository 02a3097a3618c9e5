"""The dialogs with a single text: reply, internal note, reopen."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static, TextArea

from helpdesk.desk.people.views import PersonView
from helpdesk.desk.session import Desk
from helpdesk.desk.ticket.handling import Note, Reply
from helpdesk.desk.ticket.resolving import Reopen
from helpdesk.desk.unit_of_work.action import Action
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.dialogs.base import TicketDialog, text_area


def _recipient(requester: PersonView | None) -> str:
    if requester is None or not requester.called:
        return _("the requester (no address is known)")
    if not requester.mail:
        return _("{name} (no address is known)").format(name=one_line(requester.name))
    return one_line(requester.mail)


class ReplyDialog(TicketDialog):
    """Reply to the requester; the requester sees the text."""

    MANUAL = "agent#answer-and-note"
    NAME, TITLE_TEXT, DONE = "reply", "Reply", "answered"
    HINTS = "Ctrl+S send   F3 canned reply   Esc back (draft kept)"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("f3", "canned", show=False, priority=True)]

    def fields(self) -> Iterable[Widget]:
        """Return the line that names the recipient, and the text field."""
        requester = self.ticket.requester
        recipient = _recipient(requester)
        if len(self.numbers) > 1:
            recipient = "the requester of each"
        yield Static(Content(f"goes to {recipient}"), classes="label", markup=False)
        yield text_area("text")

    async def action_canned(self) -> None:
        """Let the user choose a canned reply, and insert it at the cursor."""
        from helpdesk.tui.macro.screens import choose_reply  # imported when first used

        area = self.query_one("#text", TextArea)
        await choose_reply(self.desk_app, self.ticket.number, area.insert)

    def action(self) -> Callable[[Desk], Action]:
        """Return the reply."""
        text = self.value("text")
        return lambda _: Reply(text)


class NoteDialog(TicketDialog):
    """Write an internal note, which the requester does not see."""

    MANUAL = "agent#answer-and-note"
    NAME, TITLE_TEXT, DONE = "note", "Internal note", "noted"

    def fields(self) -> Iterable[Widget]:
        """Return the text field."""
        yield self.label("┃ internal: the requester does not see it")
        yield text_area("text")

    def action(self) -> Callable[[Desk], Action]:
        """Return the note."""
        text = self.value("text")
        return lambda _: Note(text)


class ReopenDialog(TicketDialog):
    """Reopen a resolved or closed ticket."""

    MANUAL = "agent#resolve-and-reopen"
    NAME, TITLE_TEXT, DONE = "reopen", "Reopen", "is open again"

    def fields(self) -> Iterable[Widget]:
        """Return the field for the reason."""
        yield self.label("Why is it not solved?")
        yield text_area("text", short=True)

    def action(self) -> Callable[[Desk], Action]:
        """Return the action that reopens the ticket."""
        reason = self.value("text")
        return lambda _: Reopen(reason)
