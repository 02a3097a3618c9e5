"""The dialog shown when a bulk action cannot be done on some of the tickets."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.bulk.bulk import BulkOutcome, refusal_text
from helpdesk.domain.text import one_line
from helpdesk.tui.widgets.steady_screen import SteadyModal

_SHOWN = 12


class RefusedScreen(SteadyModal[bool]):
    """Lists the refused tickets with reasons; dismissed with True to do the others."""

    MANUAL = "agent#several-tickets-at-once"
    MUST_BE_SEEN = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("r", "answer(True)", show=False, priority=True),
        Binding("n,escape", "answer(False)", show=False, priority=True),
    ]

    def __init__(self, outcome: BulkOutcome) -> None:
        super().__init__()
        self._outcome = outcome

    def compose(self) -> ComposeResult:
        """Lay out the refusals and the two choices."""
        refused, rest = self._outcome.refused, len(self._outcome.would)
        lines = [f"· {one_line(refusal_text(refusal))}." for refusal in refused[:_SHOWN]]
        if len(refused) > _SHOWN:
            lines.append(f"… and {len(refused) - _SHOWN} more.")
        count = len(refused) + rest
        with VerticalScroll():
            title = f"{len(refused)} of {count} tickets cannot be done.  Nothing was changed yet."
            yield Static(Content(title), classes="title", markup=False)
            yield Static(Content("\n".join(lines)), markup=False)
            choices = f"r  do the other {rest}   n  do nothing" if rest else "n  back"
            yield Static(Content(choices), classes="hints", markup=False)

    def action_answer(self, rest: bool) -> None:
        """Dismiss the dialog with the choice, unless there are no other tickets to do."""
        if rest and not self._outcome.would:
            return
        self.dismiss(rest)
