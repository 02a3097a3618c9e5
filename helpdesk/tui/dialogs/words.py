"""Dialogs of one text: reply, internal note, reopen."""

from collections.abc import Iterable

from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk import outcome, work
from helpdesk.domain.text import one_line
from helpdesk.tui.dialogs.base import TicketDialog, text_area


class ReplyDialog(TicketDialog):
    """A public answer."""

    NAME, TITLE_TEXT, DONE = "reply", "Reply", "answered"

    def fields(self) -> Iterable[Widget]:
        """To whom, and the text."""
        to = self.ticket.requester
        whom = one_line(to.mail) if to else "the requester (no address is known)"
        yield Static(Content(f"goes to {whom}"), classes="label", markup=False)
        yield text_area("text")

    async def save(self, version: int) -> None:
        """Answer."""
        await self.desk_app.backend.call(
            work.reply, self.ticket.number, self.value("text"), version
        )


class NoteDialog(TicketDialog):
    """An internal note."""

    NAME, TITLE_TEXT, DONE = "note", "Internal note", "noted"

    def fields(self) -> Iterable[Widget]:
        """The text."""
        yield self.label("┃ internal: the requester does not see it")
        yield text_area("text")

    async def save(self, version: int) -> None:
        """Note."""
        await self.desk_app.backend.call(work.note, self.ticket.number, self.value("text"), version)


class ReopenDialog(TicketDialog):
    """Taking a finished ticket up again."""

    NAME, TITLE_TEXT, DONE = "reopen", "Reopen", "is open again"

    def fields(self) -> Iterable[Widget]:
        """The reason."""
        yield self.label("Why is it not solved?")
        yield text_area("text", short=True)

    async def save(self, version: int) -> None:
        """Reopen."""
        await self.desk_app.backend.call(
            outcome.reopen, self.ticket.number, self.value("text"), version
        )
