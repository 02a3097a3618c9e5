"""The question before the app is left although something is open."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.keymap import BACK, LEAVING, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal


class LeaveQuestion(SteadyModal[bool]):
    """Names what is open; dismissed with True to leave all the same.

    :param open_things: sentences about drafts and the timer.
    """

    MANUAL = "agent#drafts-and-parked-calls"
    MUST_BE_SEEN = True
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, LEAVING)]

    def __init__(self, open_things: list[str]) -> None:
        super().__init__()
        self._open_things = open_things

    def compose(self) -> ComposeResult:
        """Lay out what is open, and the choices."""
        with Vertical():
            yield Static(Content(_("Leave the desk?")), classes="title", markup=False)
            lines = "\n".join(one_line(sentence) for sentence in self._open_things)
            yield Static(Content(lines), markup=False)
            choices = _("q leave   D drafts and parked calls   Esc stay")
            yield Static(Content(choices), classes="hints", markup=False)

    def action_leave(self) -> None:
        """Leave."""
        self.dismiss(True)

    async def action_list_drafts(self) -> None:
        """Stay, and list the drafts."""
        self.dismiss(False)
        await self.app.run_action("app.drafts")

    def action_back(self) -> None:
        """Stay."""
        self.dismiss(False)
