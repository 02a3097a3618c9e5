"""What all dialogs share: a title, fields, a line of keys, drafts, saving with care."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from helpdesk.desk.views import TicketView
from helpdesk.domain.errors import ConflictError, DeskError
from helpdesk.domain.text import one_line
from helpdesk.tui.draft_keeper import DraftKeeper
from helpdesk.tui.keymap import FORM, bindings
from helpdesk.tui.too_small import TooSmall
from helpdesk.tui.type_ahead import typed_out

if TYPE_CHECKING:
    from helpdesk.tui.app import HelpdeskApp


class TicketDialog(ModalScreen[None]):
    """A dialog about one ticket.  A subclass names its fields and what saving does."""

    NAME = ""
    TITLE_TEXT = ""
    DONE = ""
    HINTS = "Ctrl+S save   Esc back (draft kept)"
    FIRST_FIELD = "Input, TextArea"

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(FORM)]

    def __init__(self, ticket: TicketView) -> None:
        super().__init__()
        self.ticket = ticket
        self._version = ticket.version
        self.keeper = DraftKeeper(self, f"{self.NAME} {ticket.ref}", self.values)

    @property
    def desk_app(self) -> "HelpdeskApp":
        """The app, with its desk."""
        return cast("HelpdeskApp", self.app)

    def compose(self) -> ComposeResult:
        """Title, fields, keys."""
        with VerticalScroll(can_focus=False):
            title = f"{self.TITLE_TEXT}  {self.ticket.ref}  {one_line(self.ticket.subject)}"
            yield Static(Content(title[:200]), classes="title", markup=False)
            yield Static("", classes="draft", markup=False)
            yield from self.fields()
            yield Static(Content(self.HINTS), classes="hints", markup=False)
        yield TooSmall()

    def on_resize(self) -> None:
        """Say so if there is no room."""
        self.query_one(TooSmall).look()

    def fields(self) -> Iterable[Widget]:
        """Return the fields; those with an id are kept as draft under it."""
        return ()

    def label(self, text: str) -> Static:
        """Return a label for the field below it."""
        return Static(Content(text), classes="label", markup=False)

    def on_mount(self) -> None:
        """Fill in an earlier draft."""
        self.set_focus(self.query(self.FIRST_FIELD).first())
        self.keeper.begin()
        fields, notice = self.keeper.restore()
        for name, text in fields.items():
            self.put(name, text)
        if notice:
            line = self.query_one(".draft", Static)
            line.display = True
            line.update(Content(notice))

    def values(self) -> Mapping[str, str]:
        """Return what is typed, by field."""
        found = {widget.id: widget.value for widget in self.query(Input) if widget.id}
        found |= {widget.id: widget.text for widget in self.query(TextArea) if widget.id}
        return found

    def value(self, name: str) -> str:
        """Return what is typed in one field."""
        return self.values().get(name, "")

    def put(self, name: str, text: str) -> None:
        """Put text into a field; an unknown one is passed over."""
        for widget in self.query(f"#{name}"):
            if isinstance(widget, Input):
                widget.value = text
                widget.cursor_position = len(text)
            elif isinstance(widget, TextArea):
                widget.text = text

    @on(Input.Changed)
    @on(TextArea.Changed)
    def _on_typed(self) -> None:
        self.keeper.changed()

    @on(Input.Submitted)
    def _on_submitted(self) -> None:
        self.focus_next()

    def keep_draft(self) -> None:
        """Write the draft down now."""
        self.keeper.keep()

    async def action_back(self) -> None:
        """Leave; the draft is kept."""
        await typed_out(self)
        self.keeper.keep()
        self.dismiss()

    def action_drop_draft(self) -> None:
        """Forget what was typed, and leave."""
        self.keeper.saved()
        self.dismiss()

    async def action_save(self) -> None:
        """Do it; on a refusal the dialog stays with what was typed."""
        app = self.desk_app
        await typed_out(self)
        try:
            await self.save(self._version)
            self.keeper.saved()
            self.dismiss()
            app.say(f"{self.ticket.ref} {self.DONE}.")
            await app.look_for_changes()
        except ConflictError as error:
            # What the others did has been shown: the next Ctrl+S is meant against the new state.
            app.say_error(error)
            await self._catch_up()
        except DeskError as error:
            app.say_error(error)

    async def _catch_up(self) -> None:
        from helpdesk.desk import tickets

        try:
            fresh = await self.desk_app.backend.call(tickets.show, self.ticket.number)
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self._version = fresh.version

    async def save(self, version: int) -> None:
        """Call the desk's verb for this version of the ticket."""
        raise NotImplementedError


def text_area(name: str, text: str = "", *, short: bool = False) -> TextArea:
    """Return a field for several lines; Tab leaves it."""
    area = TextArea(text, id=name, tab_behavior="focus", classes="short" if short else "")
    area.highlight_cursor_line = False
    return area
