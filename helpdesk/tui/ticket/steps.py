"""The screen to tick the steps of SOPs on a ticket."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from helpdesk.domain.errors import DeskError
from helpdesk.domain.text import inert, one_line
from helpdesk.domain.ticket import ref
from helpdesk.tui.base.host import host_of
from helpdesk.tui.text.margin_text import Block, MarginText
from helpdesk.tui.text.moments import stamp_text
from helpdesk.tui.widgets.keymap import BACK, bindings
from helpdesk.tui.widgets.option_list import DeskOptions
from helpdesk.tui.widgets.steady_screen import SteadyModal

if TYPE_CHECKING:  # imports the ORM
    from helpdesk.desk.ticket.sop_steps import Procedure, SopStep


#: A nested step is moved to the right by this many cells at most.
_MOST_INDENT = 8


class StepsScreen(SteadyModal[None]):
    """Show the steps of one SOP at a time; Space ticks a step or removes its tick."""

    MANUAL = "agent#follow-an-sop"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(BACK),
        Binding("space,enter", "tick_step", show=False, priority=True),
        Binding("left", "other(-1)", show=False, priority=True),
        Binding("right,tab", "other(1)", show=False, priority=True),
        Binding("j,down", "move(1)", show=False, priority=True),
        Binding("k,up", "move(-1)", show=False, priority=True),
    ]

    def __init__(self, number: int, procedures: "tuple[Procedure, ...]") -> None:
        super().__init__()
        self._number = number
        self._sops = list(procedures)
        self._place = 0

    def compose(self) -> ComposeResult:
        """Lay out the title, the steps and the key hints."""
        with Vertical():
            yield Static("", classes="title", markup=False)
            yield DeskOptions(markup=False)
            hints = "Space tick   ←→ other SOP   Esc back"
            yield Static(Content(hints), classes="hints", markup=False)

    def on_mount(self) -> None:
        """Show the first SOP, with the cursor on its first step that is not done."""
        self.set_focus(self.steps)
        self._draw()

    @property
    def steps(self) -> OptionList:
        """The list."""
        return self.query_one(OptionList)

    def _draw(self, at: int | None = None) -> None:
        sop = self._sops[self._place]
        position = f" {self._place + 1} of {len(self._sops)}" if len(self._sops) > 1 else ""
        title = f"{ref(self._number)}  SOP{position}  {sop.done}/{len(sop.steps)}  "
        self.query_one(".title", Static).update(Content(title + one_line(sop.title)))
        self.steps.clear_options()
        now = host_of(self).now()
        self.steps.add_options([Option(_blocks(step, now)) for step in sop.steps])
        open_ones = (place for place, step in enumerate(sop.steps) if not step.done)
        self.steps.highlighted = next(open_ones, 0) if at is None else at

    @on(OptionList.OptionSelected)
    async def _on_clicked(self) -> None:
        await self.action_tick_step()

    async def action_tick_step(self) -> None:
        """Tick the step under the cursor, or remove its tick; the next key waits for this."""
        from helpdesk.desk.ticket import sop_steps  # imports the ORM

        place, index = self.steps.highlighted, self._place
        if place is None:
            return
        app = host_of(self)
        sop = self._sops[index]
        step = sop.steps[place]
        try:
            await app.backend.call(
                sop_steps.tick, self._number, sop.path, step.number, done=not step.done
            )
            app.record_change({self._number: 0}, keep_marks=True)
            self._sops[index] = await app.backend.call(sop_steps.procedure, self._number, sop.path)
        except DeskError as error:
            app.say_error(error)
            return
        # After a tick the cursor goes to the next step.
        last = len(self._sops[index].steps) - 1
        self._draw(place if step.done else min(place + 1, last))

    def action_other(self, step: int) -> None:
        """Go to the next or previous SOP."""
        self._place = (self._place + step) % len(self._sops)
        self._draw()

    def action_move(self, lines: int) -> None:
        """Move the cursor by some steps."""
        at = (self.steps.highlighted or 0) + lines
        self.steps.highlighted = max(0, min(at, self.steps.option_count - 1))

    def action_back(self) -> None:
        """Close the screen; every tick is already saved."""
        self.dismiss()


def _blocks(step: "SopStep", now: datetime) -> MarginText:
    """Return a step with the heading above it and all that stands below its first line."""
    blocks = [Block(one_line(step.heading), "bold $accent")] if step.heading else []
    nested = " " * min(step.indent, _MOST_INDENT)
    mark = f"{nested}{'[x]' if step.done else '[ ]'} {step.number}. "
    rest = " " * len(mark)
    style = "$secondary" if step.done else ""
    blocks.append(Block(one_line(step.text), style, mark, rest))
    if step.details:
        blocks.append(Block(inert(step.details), style, rest, rest))
    if step.at is not None:
        by = f"{one_line(step.by)} {stamp_text(step.at, now)}"
        blocks.append(Block(by, "$success", rest, rest))
    return MarginText(blocks)
