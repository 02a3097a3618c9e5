"""Macros in the app: choose one, see what it would do, do it; canned replies."""

from collections.abc import Awaitable, Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from helpdesk.desk.bulk import bulk
from helpdesk.desk.macro import macros
from helpdesk.desk.macro.macros import MacroView, Preview
from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import inert, one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.host import AppHost, host_of
from helpdesk.tui.base.refused import RefusedScreen
from helpdesk.tui.widgets.picker import Choice, Picker

_NO_MACRO = "no macro is kept yet: see helpdesk macro apply --help."
_NO_REPLY = "no canned reply is kept yet: see helpdesk macro apply --help."


async def choose_macro(app: AppHost, numbers: tuple[int, ...]) -> None:
    """Let the person choose a macro and see what it would do to these tickets."""

    async def chosen(macro: MacroView) -> None:
        found = await app.backend.call(macros.preview, macro.name, numbers[0])
        await app.push_screen(MacroPreview(found, numbers))

    await _choose(app, "Macros", _NO_MACRO, chosen, with_steps=True)


async def choose_reply(app: AppHost, number: int, insert: Callable[[str], object]) -> None:
    """Let the person choose a canned reply, and insert it with its placeholders filled."""

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
        found = await app.backend.call(macros.list_macros)
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
        Choice(one.name, "; ".join(one.steps) or one_line(one.text), one)
        for one in found
        if bool(one.steps) is with_steps
    ]
    app.push_screen(Picker(title, choices, empty, "agent#macros-and-canned-replies"), answered)


class MacroPreview(ModalScreen[None]):
    """What a macro would do: its steps and its text; Enter does it."""

    MANUAL = "agent#macros-and-canned-replies"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,ctrl+s", "run", show=False, priority=True),
        Binding("escape", "leave", show=False, priority=True),
    ]

    def __init__(self, preview: Preview, numbers: tuple[int, ...]) -> None:
        super().__init__()
        self._preview = preview
        self._numbers = numbers

    @property
    def _app(self) -> AppHost:
        return host_of(self)

    def compose(self) -> ComposeResult:
        """Steps, text, mistakes, keys."""
        found = self._preview
        count = len(self._numbers)
        whom = ref(self._numbers[0]) if count == 1 else f"{count} tickets"
        with VerticalScroll():
            title = f"{one_line(found.macro.name)}  →  {whom}"
            yield Static(Content(title), classes="title", markup=False)
            steps = (
                f"{place}. {one_line(line)}" for place, line in enumerate(found.macro.steps, 1)
            )
            yield Static(Content("\n".join(steps)), markup=False)
            if found.text:
                about = "Text" if count == 1 else f"Text, as for {ref(self._numbers[0])}"
                yield Static(Content(about), classes="label", markup=False)
                yield Static(Content(inert(found.text)), markup=False)
            if found.flaws:
                wrong = "\n".join(one_line(str(flaw)) for flaw in found.flaws)
                yield Static(Content.styled(f"It cannot run:\n{wrong}", "$error"), markup=False)
            keys = "Esc back" if found.flaws else "Enter do it, all or nothing   Esc back"
            yield Static(Content(keys), classes="hints", markup=False)

    def action_leave(self) -> None:
        """Leave all as it is."""
        self.dismiss()

    async def action_run(self) -> None:
        """Do it."""
        if not self._preview.flaws:
            await self._run(rest=False)

    async def _run(self, *, rest: bool) -> None:
        app = self._app
        name = self._preview.macro.name
        try:
            found = await app.backend.call(macros.run, name, self._numbers, rest=rest)
            if found.refused and not rest and len(self._numbers) > 1:
                app.push_screen(RefusedScreen(found), self._after)
                return
            if not rest:
                bulk.require_done(found)
        except DeskError as error:
            app.say_error(error)
            return
        self.dismiss()
        done = tuple(found.done)
        app.remember_done(found.made)
        whom = ref(done[0]) if len(done) == 1 else f"{len(done)} tickets"
        app.say(f"{whom}: {name} done.")
        await app.look_for_changes()

    async def _after(self, rest: bool | None) -> None:
        if rest:
            await self._run(rest=True)
