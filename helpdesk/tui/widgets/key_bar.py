"""The last line of every screen: the keys of that screen and the key for the manual."""

from collections.abc import Iterable

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from helpdesk.tui.widgets.keymap import EVERYWHERE, Key, keys_text


class KeyBar(Static):
    """Shows as many keys with labels as fit, and always the keys that work everywhere.

    The help screen lists all keys.
    """

    DEFAULT_CSS = """
    KeyBar { height: 1; dock: bottom; background: $panel; color: $secondary; padding: 0 1; }
    """

    def __init__(self, keys: Iterable[Key]) -> None:
        super().__init__("", markup=False)
        self._keys = [key for key in keys if key.footer]

    def on_mount(self) -> None:
        """Draw the keys as they are mapped now."""
        self._draw()

    def on_resize(self, event: Resize) -> None:
        """Draw the keys that fit."""
        self._draw()

    def _draw(self) -> None:
        fixed = [self._part(key) for key in EVERYWHERE if key.footer]
        width = self.size.width - 2 - sum(len(part) + 2 for part in fixed)
        parts: list[str] = []
        for key in self._keys:
            part = self._part(key)
            if sum(map(len, parts)) + 2 * len(parts) + len(part) > width:
                break
            parts.append(part)
        self.update(Content("  ".join([*parts, *fixed])))

    def _part(self, key: Key) -> str:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        return f"{keys_text(chosen.get(key.name, key.keys)).split()[0]} {key.label}"
