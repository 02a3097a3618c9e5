"""The actions that the keys of a screen do now, for the help and for the palette."""

from dataclasses import dataclass

from textual.dom import DOMNode
from textual.screen import Screen

from helpdesk.tui.widgets.keymap import NAMES, keys_text


@dataclass(frozen=True, slots=True)
class ActionInForce:
    """An action that a key does on a screen.

    :ivar name: the name in the key file.
    :ivar keys: the keys as mapped now, for people.
    :ivar help: what the action does.
    :ivar action: Textual's action.
    :ivar node: the app, screen or widget that does it.
    """

    name: str
    keys: str
    help: str
    action: str
    node: DOMNode

    @property
    def title(self) -> str:
        """The name, what it does, and its keys, in one line."""
        name = self.name.replace("_", " ")
        named = self.help.lower().startswith(name)
        return f"{self.help if named else f'{name}: {self.help}'} ({self.keys})"


def actions_in_force(screen: Screen[object]) -> list[ActionInForce]:
    """Return the actions of a screen: its own first, then the list's or field's, then the app's."""
    found: dict[tuple[str, str], tuple[list[str], str, DOMNode]] = {}
    for key, active in screen.active_bindings.items():
        binding = active.binding
        if binding.id in NAMES and active.enabled:
            entry = found.setdefault(
                (binding.id, binding.action), ([], binding.description, active.node)
            )
            entry[0].append(key)
    actions = [
        ActionInForce(name, keys_text(",".join(keys)), text, action, node)
        for (name, action), (keys, text, node) in found.items()
    ]
    return sorted(actions, key=lambda one: (one.node is screen.app, one.node is not screen))
