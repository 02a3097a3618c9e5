"""A window that is too small is covered by a sentence; nothing beneath is lost."""

from textual.content import Content
from textual.widgets import Static

LEAST_WIDTH, LEAST_HEIGHT = 60, 16


class TooSmall(Static):
    """Covers the screen while the window is too small to work in."""

    DEFAULT_CSS = """
    TooSmall {
        layer: cover; display: none; width: 100%; height: 100%;
        background: $background; content-align: center middle; text-align: center;
    }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False)

    def look(self) -> None:
        """Look at the window's size; the screen calls this when it has changed."""
        width, height = self.app.size
        small = width < LEAST_WIDTH or height < LEAST_HEIGHT
        self.display = small
        if small:
            self.update(
                Content(
                    f"This window is {width}×{height}; helpdesk needs at least "
                    f"{LEAST_WIDTH}×{LEAST_HEIGHT}: enlarge it."
                )
            )
