"""The screens to choose, preview and run a macro, and to choose a canned reply."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.bulk import bulk
from helpdesk.desk.macro import macros
from helpdesk.desk.macro.macros import MacroRunPreview, MacroView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import inert, one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.base.refused import RefusedScreen
from helpdesk.tui.widgets.keymap import BACK, QUIT, RUN_MACRO, bindings
from helpdesk.tui.widgets.picker import Choice, Picker
from helpdesk.tui.widgets.steady_screen import SteadyModal

_NO_MACRO = "there is no macro yet: r, then Ctrl+N makes one, or helpdesk macro apply."
_NO_REPLY = "there is no canned reply yet: Ctrl+N in a reply keeps its text as one."


async def choose_macro(app: AppHost, numbers: tuple[int, ...]) -> None:
    """Let the user choose a macro, and preview what it would do to these tickets."""

    async def chosen(macro: MacroView) -> None:
        preview = await app.backend.call(macros.preview, macro.name, numbers[0])
        await app.push_screen(MacroPreview(preview, numbers))

    await _choose(app, "Macros", _NO_MACRO, chosen, with_steps=True)


async def choose_reply(app: AppHost, number: int, insert: Callable[[str], object]) -> None:
    """Let the user choose a canned reply, and insert it with its placeholders filled in.

    :param number: the ticket from which placeholders are filled in.
    :param insert: is called with the text.
    """

    async def chosen(reply: MacroView) -> None:
        insert(await app.backend.call(macros.reply_text, reply.name, number))

    await _choose(app, "Canned replies", _NO_REPLY, chosen, with_steps=False)


async def _choose(
    app: AppHost,
    title: str,
    empty: str,
    chosen: Callable[[MacroView], Awaitable[None]],
    *,
    with_steps: bool,
) -> None:
    try:
        stored = await app.backend.call(macros.list_macros)
    except DeskError as error:
        app.say_error(error)
        return

    async def answered(macro: MacroView | None) -> None:
        if macro is None:
            return
        try:
            await chosen(macro)
        except DeskError as error:
            app.say_error(error)

    choices = [
        Choice(macro.name, "; ".join(macro.steps) or one_line(macro.text), macro)
        for macro in stored
        if bool(macro.steps) is with_steps
    ]
    app.push_screen(Picker(title, choices, empty, "agent#macros-and-canned-replies"), answered)


class MacroPreview(SteadyModal[None]):
    """Show what a macro would do, its steps and its text; Enter runs it."""

    MANUAL = "agent#macros-and-canned-replies"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(RUN_MACRO, BACK, QUIT)]

    def __init__(self, preview: MacroRunPreview, numbers: tuple[int, ...]) -> None:
        super().__init__()
        self._preview = preview
        self._numbers = numbers

    @property
    def _app(self) -> AppHost:
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Lay out the steps, the text, the errors and the key hints."""
        preview = self._preview
        count = len(self._numbers)
        tickets = ref(self._numbers[0]) if count == 1 else f"{count} tickets"
        with VerticalScroll():
            title = f"{one_line(preview.macro.name)}  →  {tickets}"
            yield Static(Content(title), classes="title", markup=False)
            steps = (
                f"{place}. {one_line(line)}" for place, line in enumerate(preview.macro.steps, 1)
            )
            yield Static(Content("\n".join(steps)), markup=False)
            if preview.text:
                about = "Text" if count == 1 else f"Text, as for {ref(self._numbers[0])}"
                yield Static(Content(about), classes="label", markup=False)
                yield Static(Content(inert(preview.text)), markup=False)
            if preview.flaws:
                errors = "\n".join(one_line(str(flaw)) for flaw in preview.flaws)
                yield Static(Content.styled(f"It cannot run:\n{errors}", "$error"), markup=False)
            keys = "Esc back" if preview.flaws else "Enter do it, all or nothing   Esc back"
            yield Static(Content(keys), classes="hints", markup=False)

    def action_back(self) -> None:
        """Close the preview without running the macro."""
        self.dismiss()

    async def action_run(self) -> None:
        """Run the macro, unless it has errors."""
        if not self._preview.flaws:
            await self._run(rest=False)

    async def _run(self, *, rest: bool) -> None:
        app = self._app
        name = self._preview.macro.name
        try:
            outcome = await app.backend.call(macros.run, name, self._numbers, rest=rest)
            if outcome.refused and not rest and len(self._numbers) > 1:
                app.push_screen(RefusedScreen(outcome), self._after_refusal)
                return
            if not rest:
                bulk.require_done(outcome)
        except DeskError as error:
            app.say_error(error)
            return
        self.dismiss()
        done = tuple(outcome.done)
        app.record_change(outcome.made)
        tickets = ref(done[0]) if len(done) == 1 else f"{len(done)} tickets"
        app.say(" ".join((f"{tickets}: {name} done.", *outcome.unreached)))
        await app.look_for_changes()

    async def _after_refusal(self, rest: bool | None) -> None:
        if rest:
            await self._run(rest=True)
