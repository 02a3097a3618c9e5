"""The command palette: every action of the screen, by name.

It takes every key at any time, also before its list is shown.
"""

from functools import partial

from textual.app import ComposeResult
from textual.command import (
    CommandInput,
    CommandList,
    CommandPalette,
    DiscoveryHit,
    Hit,
    Hits,
    Provider,
)

from helpdesk.domain.i18n import _
from helpdesk.tui.widgets.actions_in_force import ActionInForce, actions_in_force
from helpdesk.tui.widgets.option_list import has_lines
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

#: Actions that make no sense from the palette, by their names in the key file.
_NOT_OFFERED = ("palette",)


class ScreenActions(Provider):
    """Offers the actions of the screen over which the palette was opened."""

    async def discover(self) -> Hits:
        """Yield all actions, those of the screen first."""
        for action in self._actions():
            yield DiscoveryHit(action.title, partial(self._run, action))

    async def search(self, query: str) -> Hits:
        """Yield the actions that match the typed words, those with such a name first.

        If there is none, yield those that have the letters in this order.
        """
        matcher = self.matcher(query)
        actions = self._actions()
        scores = [_score(query.lower(), action) for action in actions]
        if not any(scores):
            scores = [int(matcher.match(action.title) > 0) for action in actions]
        for score, action in zip(scores, actions, strict=True):
            if score:
                title = matcher.highlight(action.title)
                yield Hit(score, title, partial(self._run, action), text=action.title)

    def _actions(self) -> list[ActionInForce]:
        actions = actions_in_force(self.screen)
        return [action for action in actions if action.name not in _NOT_OFFERED]

    async def _run(self, action: ActionInForce) -> None:
        await self.app.run_action(action.action, default_namespace=action.node)


def _score(query: str, action: ActionInForce) -> int:
    """Return how well an action matches, 3 at best; 0 if not all words are in it."""
    title = action.title.lower()
    if title.startswith(query):
        return 3
    words = title.replace("(", " ").split()
    typed = query.split()
    if all(any(word.startswith(part) for word in words) for part in typed):
        return 2
    return 1 if all(part in title for part in typed) else 0


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
                yield PaletteField(
                    placeholder=_("every action of this screen"), select_on_focus=False
                )
            else:
                yield widget

    def on_mount(self) -> None:
        """Focus the field at once, so that keys typed right behind Ctrl+P reach it."""
        self.set_focus(self.query_one(PaletteField))

    def _action_command_list(self, action: str) -> None:
        if not action.startswith("page_") or has_lines(self.query_one(CommandList)):
            super()._action_command_list(action)
