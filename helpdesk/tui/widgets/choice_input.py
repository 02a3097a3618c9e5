"""A text input whose arrow keys step through known values."""

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType

from helpdesk.tui.widgets.keymap import VALUES, bindings
from helpdesk.tui.widgets.stored_text import LineField


class ChoiceInput(LineField):
    """An input whose Up and Down keys step through known texts; any other text can be typed."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(VALUES)]

    def __init__(self, choices: Sequence[str], *, name: str, value: str = "") -> None:
        hint = f"↑↓ {choices[0]}" if choices else ""
        super().__init__(value, placeholder=hint, id=name)
        self._choices = list(choices)

    def offer(self, choices: Sequence[str]) -> None:
        """Replace the texts to choose from."""
        self._choices = list(choices)

    def action_choose(self, step: int) -> None:
        """Fill in the next text (1) or the previous one (-1)."""
        if not self._choices:
            return
        if self.value in self._choices:
            place = (self._choices.index(self.value) + step) % len(self._choices)
        else:
            place = 0 if step > 0 else len(self._choices) - 1
        self.value = self._choices[place]
        self.cursor_position = len(self.value)
