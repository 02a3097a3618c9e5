"""The question before names that the desk does not know are added to it."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.people.new_names import NewName
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.steady_screen import SteadyModal


class NewNamesScreen(SteadyModal[bool]):
    """Names what would be new, and known names like it; dismissed with True to add them."""

    MANUAL = "agent#log-a-query"
    MUST_BE_SEEN = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "answer(True)", show=False, priority=True),
        Binding("n,escape", "answer(False)", show=False, priority=True),
    ]

    def __init__(self, names: Sequence[NewName]) -> None:
        super().__init__()
        self._names = names

    def compose(self) -> ComposeResult:
        """Lay out the new names, those like them, and the choices."""
        with VerticalScroll():
            yield Static(Content(_("New on this desk?")), classes="title", markup=False)
            yield Static(Content("\n".join(map(_line, self._names))), markup=False)
            choices = _("y  add it   n  back to the form")
            yield Static(Content(choices), classes="hints", markup=False)

    def action_answer(self, add: bool) -> None:
        """Dismiss the question with the answer."""
        self.dismiss(add)


def _line(new: NewName) -> str:
    line = _("There is no {noun} {name!r}.").format(noun=new.noun, name=one_line(new.name)[:100])
    if new.alike:
        line += " " + _("Like it: {names}.").format(names=", ".join(map(one_line, new.alike)))
    return line
