"""Cover the screen with a message while the window is too small."""

from typing import Any

from textual.app import App
from textual.content import Content
from textual.widgets import Static

from helpdesk.domain.i18n import _

MIN_WIDTH, MIN_HEIGHT = 60, 16


def is_too_small(app: App[Any]) -> bool:
    """Return whether the window is too small to show the screens; keys do nothing meanwhile."""
    width, height = app.size
    return width < MIN_WIDTH or height < MIN_HEIGHT


class TooSmall(Static):
    """Covers the screen while the window is too small; nothing that was typed is lost."""

    DEFAULT_CSS = """
    TooSmall {
        layer: cover; display: none; width: 100%; height: 100%;
        background: $background; color: $foreground;
        content-align: center middle; text-align: center;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def on_mount(self) -> None:
        """Show the message at once if the window is too small already."""
        self.look()

    def look(self) -> None:
        """Show or hide the message; the screen calls this when the window's size has changed."""
        width, height = self.app.size
        self.display = is_too_small(self.app)
        if self.display:
            sentence = _(
                "This window is {width}×{height}; helpdesk needs at least {least}: enlarge it.\n"
                "Keys do nothing until then, except Ctrl+Q, which leaves; what you typed is kept."
            )
            least = f"{MIN_WIDTH}×{MIN_HEIGHT}"
            self.update(Content(sentence.format(width=width, height=height, least=least)))
