"""The command palette, which takes every key at any time, also before its list is shown."""

from textual.app import ComposeResult
from textual.command import CommandInput, CommandList, CommandPalette

from helpdesk.tui.widgets.option_list import has_lines
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField


class PaletteField(CommandInput, LineField):
    """Textual's field of the palette, which shows what is typed as every other field does."""


class DeskPalette(CommandPalette, SteadyModal[None]):
    """Textual's palette, whose list ignores page keys before it is laid out."""

    MANUAL = "getting-started#find-help"
    # The list lies above everything else, also above the notice.
    DEFAULT_CSS = "DeskPalette.-too-small #--results { display: none; }"

    def compose(self) -> ComposeResult:
        """Lay out Textual's palette with a field of the desk's own kind."""
        for widget in super().compose():
            if isinstance(widget, CommandInput):
                yield PaletteField(placeholder=widget.placeholder, select_on_focus=False)
            else:
                yield widget

    def _action_command_list(self, action: str) -> None:
        if not action.startswith("page_") or has_lines(self.query_one(CommandList)):
            super()._action_command_list(action)
