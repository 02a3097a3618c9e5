"""The last line of every screen: the keys that do something here."""

from collections.abc import Iterable

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from helpdesk.tui.keymap import Key, sign


class KeyBar(Static):
    """Keys and their labels, as many as fit; the help screen has them all."""

    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $panel; color: $secondary; padding: 0 1; }
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        super().__init__("", markup=False)
        self._keys = [key for key in keys if key.footer]

    def on_mount(self) -> None:
        """Draw, when the keys may have been remapped."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Draw what fits."""
        self._draw()

    def _draw(self) -> None:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        width = self.size.width - 2
        parts: list[str] = []
        for key in self._keys:
            part = f"{sign(chosen.get(key.name, key.keys)).split()[0]} {key.label}"
            if sum(map(len, parts)) + 2 * len(parts) + len(part) > width:
                break
            parts.append(part)
        self.update(Content("  ".join(parts)))
