"""The command palette, which takes every key at any time, also before its list is shown."""

from textual.command import CommandList, CommandPalette

from helpdesk.tui.widgets.option_list import has_lines
from helpdesk.tui.widgets.steady_screen import SteadyModal


class DeskPalette(CommandPalette, SteadyModal[None]):
    """Textual's palette, whose list ignores page keys before it is laid out."""

    MANUAL = "agent#all-keys"
    # The list lies above everything else, also above the notice.
    DEFAULT_CSS = "DeskPalette.-too-small #--results { display: none; }"

    def _action_command_list(self, action: str) -> None:
        if not action.startswith("page_") or has_lines(self.query_one(CommandList)):
            super()._action_command_list(action)
