"""A dialog to choose one item from a list that is narrowed by typing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from helpdesk.domain.text import one_line
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.keymap import BACK, CHOICE, bindings
from helpdesk.tui.widgets.option_list import DeskOptions
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """An item of the list: its name, its description, and the value it stands for."""

    name: str
    meaning: str
    value: T


class Picker(SteadyModal[T | None], Generic[T]):
    """Lists choices; typing narrows them, Enter chooses, Esc closes without a choice.

    A choice is listed if its name or description contains every typed word.

    :param empty: the text to show if there are no choices.
    :param manual: the page and section of the manual about these choices.
    """

    MANUAL = "agent"

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(BACK, CHOICE)]

    def __init__(self, title: str, choices: Sequence[Choice[T]], empty: str, manual: str) -> None:
        super().__init__()
        self.MANUAL = manual
        self._title = title
        self._choices = list(choices)
        self._shown: list[Choice[T]] = []
        self._empty = empty
        self._narrowed: str | None = None

    def compose(self) -> ComposeResult:
        """Lay out the input, the list and the line of keys."""
        with Vertical():
            yield Static(Content(self._title), classes="title", markup=False)
            yield LineField(placeholder="(type to narrow)", id="narrow")
            yield DeskOptions(markup=False)
            yield Static("", id="none", markup=False)
            yield Static(Content(self.hints()), classes="hints", markup=False)

    def hints(self) -> str:
        """Return the line of keys."""
        return "Enter choose   ↑↓ move   Esc back"

    def on_mount(self) -> None:
        """Show all choices."""
        self.query_one(Input).focus()
        self.query_one(OptionList).can_focus = False
        self._narrow("")

    @on(Input.Changed, "#narrow")
    def _on_typed(self, event: Input.Changed) -> None:
        if event.value != self._narrowed:
            self._narrow(event.value)

    def _narrow(self, text: str) -> None:
        self._narrowed = text
        words = text.lower().split()
        self._shown = [
            choice
            for choice in self._choices
            if all(word in f"{choice.name} {choice.meaning}".lower() for word in words)
        ]
        listed = self.query_one(OptionList)
        listed.clear_options()
        width = max((len(choice.name) for choice in self._shown), default=0)
        width = min(width, 32)
        listed.add_options(
            Option(Content(f"{one_line(choice.name)[:width]:{width}}  {one_line(choice.meaning)}"))
            for choice in self._shown
        )
        listed.highlighted = 0 if self._shown else None
        listed.display = bool(self._shown)
        none = self.query_one("#none", Static)
        none.display = not self._shown
        none.update(Content(self._empty if not self._choices else "no name matches."))

    @property
    def current(self) -> Choice[T] | None:
        """The choice under the cursor."""
        place = self.query_one(OptionList).highlighted
        return None if place is None or place >= len(self._shown) else self._shown[place]

    def action_move(self, lines: int) -> None:
        """Move the cursor down by this many lines, or up if negative."""
        listed = self.query_one(OptionList)
        if self._shown:
            place = (listed.highlighted or 0) + lines
            listed.highlighted = max(0, min(place, len(self._shown) - 1))

    async def action_choose(self) -> None:
        """Dismiss the dialog with the choice under the cursor, once all typed words are read."""
        await wait_for_typed_keys(self)
        typed = self.query_one(Input).value
        if typed != self._narrowed:
            self._narrow(typed)
        if self.current is not None:
            self.dismiss(self.current.value)

    @on(OptionList.OptionSelected)
    async def _on_clicked(self) -> None:
        await self.action_choose()

    def action_back(self) -> None:
        """Close the dialog without a choice."""
        self.dismiss(None)
