"""What to do where some of several tickets refuse: the rest, or nothing."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from helpdesk.desk.bulk.bulk import Outcome, named
from helpdesk.domain.text import one_line

_SHOWN = 12


class RefusedScreen(ModalScreen[bool]):
    """Names each ticket that refused, and why; answers whether the rest is to be done."""

    MANUAL = "agent#several-tickets-at-once"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "answer(True)", show=False, priority=True),
        Binding("n,escape", "answer(False)", show=False, priority=True),
    ]

    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self._outcome = outcome

    def compose(self) -> ComposeResult:
        """The refusals, and the two ways on."""
        refused, rest = self._outcome.refused, len(self._outcome.would)
        lines = [f"· {one_line(named(one))}." for one in refused[:_SHOWN]]
        if len(refused) > _SHOWN:
            lines.append(f"… and {len(refused) - _SHOWN} more.")
        count = len(refused) + rest
        with VerticalScroll():
            title = f"{len(refused)} of {count} tickets cannot be done.  Nothing was changed yet."
            yield Static(Content(title), classes="title", markup=False)
            yield Static(Content("\n".join(lines)), markup=False)
            ways = f"r  do the other {rest}   n  do nothing" if rest else "n  back"
            yield Static(Content(ways), classes="hints", markup=False)

    def action_answer(self, rest: bool) -> None:
        """Go on."""
        if rest and not self._outcome.would:
            return
        self.dismiss(rest)
