"""A text input whose arrow keys step through known values, and the line that lists them."""

from collections.abc import Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.keymap import VALUES, bindings
from helpdesk.tui.widgets.stored_text import LineField

#: The most lines in which names are listed.
_LINES = 2


class ChoiceInput(LineField):
    """An input whose Up and Down keys step through known texts; any other text can be typed.

    A text that is typed in part is completed, and :attr:`chosen` is the text that is meant.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(VALUES)]

    def __init__(self, choices: Sequence[str], *, name: str, value: str = "") -> None:
        self._choices = list(choices)
        self._guess = ""
        hint = _("(↑↓ choose)") if choices else ""
        super().__init__(value, placeholder=hint, id=name, suggester=_Completion(self))

    @property
    def choices(self) -> Sequence[str]:
        """The known texts."""
        return tuple(self._choices)

    @property
    def chosen(self) -> str:
        """The known text that is typed, in any case, or that alone begins with what is typed.

        Else it is what is typed.
        """
        typed = self.value.strip().casefold()
        if not typed:
            return ""
        begins = [choice for choice in self._choices if choice.casefold().startswith(typed)]
        exact = [choice for choice in begins if choice.casefold() == typed]
        return exact[0] if exact else begins[0] if len(begins) == 1 else self.value.strip()

    @property
    def at(self) -> str:
        """The known text from which the arrows start: what is typed, or else the guess."""
        return self.chosen or self._guess

    def offer(self, choices: Sequence[str]) -> None:
        """Replace the texts to choose from."""
        self._choices = list(choices)
        self._show_choices()

    def guess(self, text: str) -> None:
        """Show what the desk takes if nothing is typed; the arrows start there."""
        self._guess = text
        shown = one_line(text)
        self.placeholder = _("(guessed: {text})").format(text=shown) if text else _("(↑↓ choose)")
        self._show_choices()

    def action_choose(self, step: int) -> None:
        """Fill in the next text (1) or the previous one (-1); at first the guess itself."""
        if not self._choices:
            return
        if not self.value and self._guess in self._choices:
            place = self._choices.index(self._guess)
        elif self.at in self._choices:
            place = self._choices.index(self.at)
            # A text that is typed in part is filled in before the arrows go on from it.
            place += step if self.value == self.at else 0
        else:
            place = 0 if step > 0 else len(self._choices) - 1
        self.value = self._choices[place % len(self._choices)]
        self.cursor_position = len(self.value)

    def watch_value(self) -> None:
        """List the texts that fit what is typed."""
        self._show_choices()

    def on_focus(self) -> None:
        """List the texts to choose from."""
        self._show_choices()

    def on_blur(self) -> None:
        """List them no more."""
        self._show_choices()

    def _show_choices(self) -> None:
        if self.is_attached:
            for line in self.screen.query(ChoiceLine):
                line.show(self)


class _Completion(Suggester):
    """Completes a text to the first known one that begins with it, in any case."""

    def __init__(self, field: ChoiceInput) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._field = field

    async def get_suggestion(self, value: str) -> str | None:
        """Return the text that is typed and the rest of the known one."""
        typed = value.casefold()
        found = (one for one in self._field.choices if one.casefold().startswith(typed))
        first = next(found, None) if value.strip() else None
        return value + first[len(value) :] if first is not None else None


class ChoiceLine(Static):
    """Lists the known texts of the field that has the focus."""

    DEFAULT_CSS = """
    ChoiceLine { height: auto; max-height: 2; color: $secondary; display: none; }
    """

    def __init__(self) -> None:
        super().__init__("", markup=False, classes="choices")
        self._field: ChoiceInput | None = None

    def show(self, field: ChoiceInput) -> None:
        """List the texts of a field that has the focus; hide those of one that lost it."""
        if not field.has_focus:
            if self._field is field:
                self._field, self.display = None, False
            return
        self._field = field
        self.display = bool(field.choices)
        if not field.choices:
            return
        typed = field.value.strip().casefold()
        fits = [one for one in field.choices if typed in one.casefold()] or list(field.choices)
        if field.chosen in field.choices:
            fits = list(field.choices)
        marked = [f"▸{one_line(one)}" if one == field.at else one_line(one) for one in fits]
        place = fits.index(field.at) if field.at in fits else 0
        self.update(Content("↑↓ " + self._fitting(marked, place)))

    def _fitting(self, names: list[str], place: int) -> str:
        """Return the names in a row; names before a place are left out until it is in sight."""
        width = self.parent.size.width if isinstance(self.parent, Widget) else self.size.width
        # The last name of a line may leave some of it empty.
        room = _LINES * max(1, width - max(map(len, names)) - 3) - 5
        first = 0
        while first < place and cell_len(" · ".join(names[first : place + 1])) > room:
            first += 1
        return ("… " if first else "") + " · ".join(names[first:])
