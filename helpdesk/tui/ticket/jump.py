"""The line in which the number of a ticket is typed that is to be opened."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.domain.errors import DeskError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ANY_REF
from helpdesk.tui.base.host import host_of
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.keymap import BACK, JUMPING, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

#: What may stand before the number: ``:``, and the prefix with or without its hyphen.
_BEFORE_NUMBER = ":" + "".join({*ANY_REF[:-1].lower(), *ANY_REF[:-1].upper()}) + " "


class JumpLine(SteadyModal[int | None]):
    """Asks for a ticket's number; dismissed with it if there is such a ticket, else with None."""

    MANUAL = "agent#work-on-a-ticket"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, JUMPING)]

    def compose(self) -> ComposeResult:
        """Lay out the line, and below it a hint or an error."""
        with Vertical():
            yield LineField(placeholder=_("the number of a ticket: {ref}").format(ref=ANY_REF))
            yield Static(Content(_("Enter open   Esc back")), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Focus the line."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _on_typed(self) -> None:
        self._tell(_("Enter open   Esc back"))

    def _tell(self, text: str, style: str = "") -> None:
        self.query_one(".hints", Static).update(Content.styled(one_line(text), style))

    async def action_jump_there(self) -> None:
        """Open the ticket; if there is none, say so and let the number be corrected."""
        from helpdesk.desk.search import lookup  # imports the ORM, so only when needed

        await wait_for_typed_keys(self)
        try:
            typed = self.query_one(Input).value.strip()
            bare = typed.lstrip(_BEFORE_NUMBER)
            text = bare if bare.isdigit() else typed.lstrip(": ")
            number = await host_of(self).backend.call(lookup.find_ticket, text)
        except DeskError as error:
            self._tell(str(error), "$error")
            return
        self.dismiss(number)

    def action_back(self) -> None:
        """Close the line."""
        self.dismiss(None)
