"""The line in which a query is typed, completed as one types; mistakes are shown in their place."""

from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from helpdesk.desk.queue import filters
from helpdesk.domain.errors import DeskError
from helpdesk.domain.query import Completion, QueryError
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.filter.save import SaveView
from helpdesk.tui.terminal.type_ahead import typed_out

_SHOWN = 6


class FilterLine(ModalScreen[str | None]):
    """Answers with the query; "" to show the plain list again; None to leave all as it is.

    :param text: what the line begins with.
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
        self._begin = text
        self._offered: list[Completion] = []
        self._place = 0

    @property
    def _app(self) -> AppHost:
        return host_of(self)

    def compose(self) -> ComposeResult:
        """The line, then the mistake or what can come next."""
        with Vertical():
            yield Input(
                self._begin, placeholder='queue:L1 due<4h -tag:vip "error 0x80"', id="query"
            )
            yield Static("", id="below", markup=False)
            yield Static(
                Content("Enter show   Tab complete   Ctrl+S save as view   Ctrl+X all   Esc back"),
                classes="hints",
                markup=False,
            )

    def on_mount(self) -> None:
        """Go on after what is there."""
        line = self.query_one("#query", Input)
        line.focus()
        line.cursor_position = len(self._begin)
        self._offer()

    @property
    def text(self) -> str:
        """What is typed."""
        return self.query_one("#query", Input).value

    @on(Input.Changed, "#query")
    def _on_typed(self) -> None:
        self._offer()

    @work(exclusive=True, group="complete")
    async def _offer(self) -> None:
        line = self.query_one("#query", Input)
        typed = line.value[: line.cursor_position] if line.cursor_position else line.value
        try:
            self._offered = await self._app.backend.look_up(filters.completions, typed)
        except DeskError:
            self._offered = []
        self._place = 0
        self._draw_offered()

    def _draw_offered(self) -> None:
        lines = []
        first = max(0, self._place - _SHOWN + 1)
        for place, one in enumerate(self._offered[first : first + _SHOWN], first):
            sign = "▸" if place == self._place else " "
            lines.append(f"{sign} {one_line(one.shown):14} {one_line(one.meaning)}")
        self._below(Content.styled("\n".join(lines), "$secondary"))

    def _below(self, content: Content) -> None:
        self.query_one("#below", Static).update(content)

    def action_move(self, step: int) -> None:
        """Go through what is offered."""
        if self._offered:
            self._place = (self._place + step) % len(self._offered)
            self._draw_offered()

    def action_complete(self) -> None:
        """Take what is offered."""
        if not self._offered:
            return
        line = self.query_one("#query", Input)
        rest = line.value[line.cursor_position :]
        taken = self._offered[self._place].text
        line.value = taken + rest
        line.cursor_position = len(taken)

    async def action_apply(self) -> None:
        """Show what the query finds."""
        if await self._checked():
            self.dismiss(self.text.strip())

    async def _checked(self) -> bool:
        """Whether the query can be answered; if not, the mistake is shown under its place."""
        await typed_out(self)
        try:
            await self._app.backend.look_up(filters.check, self.text)
        except QueryError as error:
            # The caret's line stands right below the input, which shows the query itself.
            caret = error.caret.split("\n")
            said = f" {caret[1]}\n {one_line(str(error))}"
            if caret[0] != one_line(self.text) or len(self.text) > self.size.width - 6:
                said = f" {caret[0]}\n{said}"
            self._below(Content.styled(said, "$error"))
        except DeskError as error:
            self._app.say_error(error)
        else:
            return True
        return False

    async def action_save_view(self) -> None:
        """Keep the query under a name."""
        if await self._checked():
            self.app.push_screen(SaveView(self.text.strip()), self._saved)

    def _saved(self, done: bool | None) -> None:
        if done:
            self.dismiss(self.text.strip())

    def action_clear(self) -> None:
        """Show the plain list again."""
        self.dismiss("")

    def action_leave(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)
