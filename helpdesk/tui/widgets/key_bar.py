"""The last line of every screen: the keys of that screen and the key for the manual."""

from collections.abc import Iterable

from textual.content import Content
from textual.events import Resize
from textual.widgets import Static

from helpdesk.tui.widgets.keymap import EVERYWHERE, GLOBAL, Key, keys_text

#: The key that lists all others; where there is none, as in forms, the manual does that.
_HELP = tuple(key for key in GLOBAL if key.name == "help")
_MANUAL = tuple(key for key in EVERYWHERE if key.footer)


def most_used_first(keys: Iterable[Key], *names: str) -> tuple[Key, ...]:
    """Return the keys with those of these names first, in the order of the names."""
    place = {name: at for at, name in enumerate(names)}
    return tuple(sorted(keys, key=lambda key: place.get(key.name, len(place))))


class KeyBar(Static):
    """Shows as many keys with labels as fit, the first ones first, and always the key to the rest.

    That is the key of the list of all keys, or in forms that of the manual.
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
        last = _HELP if _HELP[0] in self._keys else _MANUAL
        fixed = [self._part(key) for key in last]
        width = self.size.width - 2 - sum(len(part) + 2 for part in fixed)
        parts: list[str] = []
        for key in (*self._keys, *_MANUAL):
            part = self._part(key)
            if key not in last and sum(len(each) + 2 for each in parts) + len(part) <= width:
                parts.append(part)
        self.update(Content("  ".join([*parts, *fixed])))

    def _part(self, key: Key) -> str:
        chosen: dict[str, str] = getattr(self.app, "chosen_keys", {})
        return f"{keys_text(chosen.get(key.name, key.keys)).split()[0]} {key.label}"
