"""The line of a screen or dialog in which news is shown."""

from textual.content import Content
from textual.widgets import Static

from helpdesk.tui.text.news import NewsItem
from helpdesk.tui.widgets.keymap import EVERYWHERE, keys_text


class NewsLine(Static):
    """Shows the newest piece of news in a row of its own, which is there also while it is empty.

    In a dialog it shows only what came since the dialog was opened: older news are not about it.

    :param newer_than: the number of the newest piece of news that the line does not show.
    """

    DEFAULT_CSS = """
    NewsLine { dock: bottom; height: 1; margin: 0 0 1 0; padding: 0 1; }
    NewsLine.-in-dialog { margin: 0; padding: 0; }
    """

    def __init__(self, newer_than: int = 0, classes: str = "") -> None:
        super().__init__("", markup=False, classes=classes)
        self._newer_than = newer_than
        self._item: NewsItem | None = None

    def takes(self, item: NewsItem) -> bool:
        """Return whether the line may show that piece of news."""
        return item.number > self._newer_than

    def show(self, item: NewsItem | None) -> None:
        """Show a piece of news, or none."""
        if item != self._item:
            self._item = item
            self._draw()

    def on_mount(self) -> None:
        """Show what is news now."""
        draw = getattr(self.app, "draw_news", None)
        if draw is not None:
            draw()

    def on_resize(self) -> None:
        """Fit the line to the width."""
        self._draw()

    def _draw(self) -> None:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        (keys,) = (chosen.get(key.name, key.keys) for key in EVERYWHERE if key.name == "news")
        key = keys_text(keys).split()[0]
        line = self._item.line(max(1, self.content_size.width), key) if self._item else Content("")
        self.update(line, layout=False)
