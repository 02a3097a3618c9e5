"""Cover the screen with a message while the window is too small."""

from textual.content import Content
from textual.widgets import Static

MIN_WIDTH, MIN_HEIGHT = 60, 16


class TooSmall(Static):
    """Covers the screen while the window is too small; nothing that was typed is lost."""

    DEFAULT_CSS = """
    TooSmall {
        layer: cover; display: none; width: 100%; height: 100%;
        background: $background; content-align: center middle; text-align: center;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def look(self) -> None:
        """Show or hide the message; the screen calls this when the window's size has changed."""
        width, height = self.app.size
        small = width < MIN_WIDTH or height < MIN_HEIGHT
        self.display = small
        if small:
            self.update(
                Content(
                    f"This window is {width}×{height}; helpdesk needs at least "
                    f"{MIN_WIDTH}×{MIN_HEIGHT}: enlarge it."
                )
            )
