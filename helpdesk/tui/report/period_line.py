"""The line in which the period of the figures is typed."""

from datetime import datetime
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.domain.errors import RefusedError
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.report import period
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.keymap import BACK, CHOOSING_PERIOD, bindings
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

_EXAMPLES = "84m, 2026, 2026-Q3, 2026-08, 2026-08-14, 2019-11-01 to 2026-10-31"


class PeriodLine(SteadyModal[str | None]):
    """Asks for a period; dismissed with its text if it can be read, else with None."""

    MANUAL = "lead#figures"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, CHOOSING_PERIOD)]

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self._now = now

    def compose(self) -> ComposeResult:
        """Lay out the line, and below it a hint or an error."""
        with Vertical():
            yield LineField(placeholder=_EXAMPLES)
            yield Static(Content(_("Enter show   Esc back")), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Focus the line."""
        self.set_focus(self.query_one(Input))

    @on(Input.Changed)
    def _on_typed(self) -> None:
        self._tell(_("Enter show   Esc back"))

    def _tell(self, text: str, style: str = "") -> None:
        self.query_one(".hints", Static).update(Content.styled(one_line(text), style))

    async def action_show_period(self) -> None:
        """Show the period; if it cannot be read, say so and let it be corrected."""
        await wait_for_typed_keys(self)
        typed = self.query_one(Input).value
        try:
            period.chosen(typed, self._now)
        except RefusedError as error:
            self._tell(str(error), "$error")
            return
        self.dismiss(typed)

    def action_back(self) -> None:
        """Close the line."""
        self.dismiss(None)
