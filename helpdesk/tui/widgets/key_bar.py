"""The last line of every screen: the keys that do something here, and the one for the manual."""

from collections.abc import Iterable

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from helpdesk.tui.widgets.keymap import EVERYWHERE, Key, sign


class KeyBar(Static):
    """Keys and their labels, as many as fit, and always those that work everywhere.

    The help screen has them all.
    """

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
        last = [self._part(key) for key in EVERYWHERE]
        width = self.size.width - 2 - sum(len(part) + 2 for part in last)
        parts: list[str] = []
        for key in self._keys:
            part = self._part(key)
            if sum(map(len, parts)) + 2 * len(parts) + len(part) > width:
                break
            parts.append(part)
        self.update(Content("  ".join([*parts, *last])))

    def _part(self, key: Key) -> str:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        return f"{sign(chosen.get(key.name, key.keys)).split()[0]} {key.label}"
