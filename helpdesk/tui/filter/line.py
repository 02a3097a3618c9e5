"""The dialog to type a filter query, with completion and with errors marked in place."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from helpdesk.desk.queue import filters
from helpdesk.domain.errors import DeskError
from helpdesk.domain.query import Completion, QueryError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.filter.save import SaveView
from helpdesk.tui.terminal.type_ahead import wait_for_typed_keys
from helpdesk.tui.widgets.steady_screen import SteadyModal
from helpdesk.tui.widgets.stored_text import LineField

#: How many completions are shown at a time.
_SHOWN = 6


class FilterLine(SteadyModal[str | None]):
    """The input line for a filter query.

    Its result is the query, "" to remove the filter, or None to change nothing.

    :param text: the initial text of the line.
    """

    MANUAL = "agent#filters-and-saved-views"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", show=False, priority=True),
        Binding("enter", "apply", show=False, priority=True),
        Binding("tab", "complete", show=False, priority=True),
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("ctrl+s", "save_view", show=False, priority=True),
        Binding("ctrl+x", "clear", show=False, priority=True),
    ]

    def __init__(self, text: str) -> None:
        super().__init__()
        self._initial_text = text
        self._completions: list[Completion] = []
        self._place = 0

    @property
    def _app(self) -> AppHost:
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out the line, then the error or the completions, then the key hints."""
        with Vertical():
            yield LineField(
                self._initial_text,
                placeholder='(such as: queue:L1 due<4h -tag:vip "error 0x80")',
                id="query",
            )
            yield Static("", id="below", markup=False)
            yield Static(
                Content("Enter show   Tab complete   Ctrl+S save as view   Ctrl+X all   Esc back"),
                classes="hints",
                markup=False,
            )

    def on_mount(self) -> None:
        """Put the cursor after the initial text and show completions."""
        line = self.query_one("#query", Input)
        line.focus()
        line.cursor_position = len(self._initial_text)
        self._complete()

    @property
    def text(self) -> str:
        """The text of the line."""
        return self.query_one("#query", Input).value

    @on(Input.Changed, "#query")
    def _on_typed(self) -> None:
        self._complete()

    @work(exclusive=True, group="complete")
    async def _complete(self) -> None:
        line = self.query_one("#query", Input)
        typed = line.value[: line.cursor_position] if line.cursor_position else line.value
        try:
            self._completions = await self._app.backend.look_up(filters.completions, typed)
        except DeskError:
            self._completions = []
        self._place = 0
        self._draw_completions()

    def _draw_completions(self) -> None:
        lines = []
        first = max(0, self._place - _SHOWN + 1)
        for place, offer in enumerate(self._completions[first : first + _SHOWN], first):
            sign = "▸" if place == self._place else " "
            lines.append(f"{sign} {one_line(offer.shown):14} {one_line(offer.meaning)}")
        self._show_below(Content.styled("\n".join(lines), "$secondary"))

    def _show_below(self, content: Content) -> None:
        self.query_one("#below", Static).update(content)

    def action_move(self, step: int) -> None:
        """Select the next or previous completion."""
        if self._completions:
            self._place = (self._place + step) % len(self._completions)
            self._draw_completions()

    def action_complete(self) -> None:
        """Insert the selected completion."""
        if not self._completions:
            return
        line = self.query_one("#query", Input)
        rest = line.value[line.cursor_position :]
        completed = self._completions[self._place].text
        line.value = completed + rest
        line.cursor_position = len(completed)

    async def action_apply(self) -> None:
        """Return the query as the result, if it is valid."""
        if await self._is_valid():
            self.dismiss(self.text.strip())

    async def _is_valid(self) -> bool:
        """Return whether the query is valid; if not, show the error below the place it is in."""
        await wait_for_typed_keys(self)
        try:
            await self._app.backend.look_up(filters.check, self.text)
        except QueryError as error:
            # The line with the caret goes right below the input, which shows the query itself.
            caret = error.caret.split("\n")
            message = f" {caret[1]}\n {one_line(str(error))}"
            if caret[0] != one_line(self.text) or len(self.text) > self.size.width - 6:
                message = f" {caret[0]}\n{message}"
            self._show_below(Content.styled(message, "$error"))
        except DeskError as error:
            self._app.say_error(error)
        else:
            return True
        return False

    async def action_save_view(self) -> None:
        """Save the query as a view, if it is valid."""
        if await self._is_valid():
            self.app.push_screen(SaveView(self.text.strip()), self._on_view_saved)

    def _on_view_saved(self, saved: bool | None) -> None:
        if saved:
            self.dismiss(self.text.strip())

    def action_clear(self) -> None:
        """Remove the filter."""
        self._app.draft_dropped()
        self.dismiss("")

    def action_leave(self) -> None:
        """Close the line without a change."""
        self.dismiss(None)
