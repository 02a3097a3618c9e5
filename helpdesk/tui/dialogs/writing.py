"""The base class of the dialogs in which a message is written, with the timeline in sight."""

from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.roles import Right
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.text.quote import last_message, quoted
from helpdesk.tui.text.timeline import timeline_content
from helpdesk.tui.widgets.keymap import FORM, WRITING, bindings
from helpdesk.tui.widgets.stored_text import TextField

#: From this width of the terminal on, the timeline is beside the text, else above it.
_BESIDE_FROM_WIDTH = 120


class TimelineBeside(VerticalScroll):
    """The timeline of the ticket about which one writes, at its newest entry."""

    def __init__(self, ticket: TicketView, now: datetime) -> None:
        super().__init__(Static("", classes="timeline", markup=False), can_focus=False)
        self._shown = ticket, now

    def on_mount(self) -> None:
        """Draw the timeline."""
        self.show(*self._shown)

    def show(self, ticket: TicketView, now: datetime) -> None:
        """Draw the timeline of the ticket as it is now, and go to its newest entry."""
        self.query_one(Static).update(timeline_content(ticket, whole=False, now=now))
        self.call_after_refresh(self.scroll_end, animate=False)

    def on_resize(self) -> None:
        """Keep the newest entry in sight."""
        self.call_after_refresh(self.scroll_end, animate=False)


class WritingDialog(TicketDialog):
    """A dialog with a text about one ticket, or several, beside or below the ticket's timeline.

    :ivar INTERNAL: whether the text stays in the desk, so that internal texts may be quoted.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM, WRITING)]
    FIRST_FIELD = "TextArea"
    INTERNAL = True

    def compose(self) -> ComposeResult:
        """Lay out the timeline, if there is a single ticket, and the dialog."""
        if len(self.numbers) == 1:
            yield TimelineBeside(self.ticket, self.desk_app.now())
        yield from super().compose()

    def on_resize(self) -> None:
        """Put the timeline beside the dialog if there is room, else above it."""
        super().on_resize()
        self.set_class(self.size.width >= _BESIDE_FROM_WIDTH, "wide")
        self.set_class(len(self.numbers) == 1, "with-timeline")

    async def ticket_changed(self) -> None:
        """Show what has come while one writes."""
        from helpdesk.desk.ticket import show_ticket  # imports the ORM, so only when needed

        for timeline in self.query(TimelineBeside):
            try:
                ticket = await self.desk_app.backend.call(show_ticket.show, self.ticket.number)
            except DeskError:
                return  # what cannot be read now is said when the text is saved
            if timeline.is_mounted:
                self.ticket = ticket
                timeline.show(ticket, self.desk_app.now())

    def action_scroll_timeline(self, lines: int) -> None:
        """Scroll the timeline by some lines."""
        for timeline in self.query(TimelineBeside):
            timeline.scroll_relative(y=lines, animate=False)

    async def action_quote(self) -> None:
        """Insert the last message as a quotation where the cursor is."""
        await wait_for_typed_keys(self)
        text = last_message(self.ticket, internal=self.INTERNAL)
        if len(self.numbers) > 1 or not text:
            self.desk_app.say(_("there is no message to quote."), done=False)
            return
        area = self.query_one("#text", TextField)
        lead = "\n" if area.cursor_location[1] else ""
        area.insert(lead + quoted(text))

    async def action_own_editor(self) -> None:
        """Open the text in the user's own editor, if the policy allows that."""
        from helpdesk.desk.knowledge import editing  # imports the ORM, so only when needed
        from helpdesk.tui.knowledge.own_editor import edit_externally

        await wait_for_typed_keys(self)
        self.form_draft.keep()
        area = self.query_one("#text", TextField)
        try:
            command = await self.desk_app.backend.call(editing.external_editor, Right.WORK)
            text = edit_externally(self.app, command, f"{self.NAME}.txt", area.text)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        if text != area.text:
            area.put(text)
            self.form_draft.keep()
