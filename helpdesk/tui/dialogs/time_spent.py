"""Recording time spent on a ticket; the timer."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from helpdesk.desk.bulk.bulk import Outcome
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.time_spent import entries
from helpdesk.desk.time_spent.entries import RunningTimer, Spent
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.domain.time_spent import minutes_text
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.widgets.choice_input import ChoiceInput

_SHOWN = 6


class TimeDialog(TicketDialog):
    """How long, on what, billable or not; what the timer has measured stands there already."""

    MANUAL = "agent#record-time"
    NAME, TITLE_TEXT, DONE = "time", "Time spent", "recorded"
    HINTS = "Ctrl+S record   Ctrl+T timer on, off   Ctrl+O timer with every ticket   Esc back"
    FIRST_FIELD = "#spent"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "timer", show=False, priority=True),
        Binding("ctrl+o", "automatic", show=False, priority=True),
    ]

    def __init__(
        self, ticket: TicketView, known: tuple[Spent, ...], timer: RunningTimer | None
    ) -> None:
        super().__init__(ticket)
        self._known = known
        self._timer = timer

    def fields(self) -> Iterable[Widget]:
        """Time, note, billable; then what was recorded before."""
        timer = self._timer
        here = timer is not None and timer.number == self.ticket.number
        measured = minutes_text(timer.minutes) if timer is not None and here else ""
        yield self.label("Time: 25m, 1h 30m, 1.5h or 1:30")
        yield Input(measured, id="spent")
        yield self.label("For what (not seen by the requester)")
        yield Input(id="note")
        yield self.label("Billable")
        yield ChoiceInput(("yes", "no"), name="billable", value="yes")
        if timer is not None:
            since = f"{timer.started_at.astimezone():%H:%M}"
            where = "" if here else f" on {ref(timer.number)}"
            yield Static(Content(f"◷ the timer runs{where} since {since}"), markup=False)
        lines = [
            f"{one.at.astimezone():%b %d %H:%M}  {one_line(one.agent):10} "
            f"{minutes_text(one.minutes):>7}{'' if one.billable else ' not billable'}  "
            f"{one_line(one.note)}"
            for one in self._known[-_SHOWN:]
        ]
        if lines:
            yield Static(Content("\n".join(lines)), classes="hints", markup=False)

    async def action_timer(self) -> None:
        """Start the timer here; or drop the one that runs here."""
        app = self.desk_app
        timer = self._timer
        try:
            if timer is not None and timer.number == self.ticket.number:
                await app.backend.call(entries.drop)
                app.say("the timer is stopped; nothing was recorded.")
            else:
                await app.backend.call(entries.start, self.ticket.number)
                app.say(f"the timer runs on {self.ticket.ref}; T records it.")
        except DeskError as error:
            app.say_error(error)
            return
        self.keeper.saved()
        self.dismiss()

    async def action_automatic(self) -> None:
        """Let the timer start with every ticket that is opened, or not."""
        await self.desk_app.toggle_timing()

    async def save(self, version: int) -> Outcome:
        """Record."""
        if len(self.numbers) > 1:
            raise RefusedError("time is recorded on one ticket: take the marks away with Esc.")
        wanted = self.value("billable").strip().lower()
        if wanted not in ("yes", "no"):
            raise RefusedError("billable is yes or no: choose with ↑↓.")
        await self.desk_app.backend.call(
            entries.spend,
            self.ticket.number,
            self.value("spent"),
            self.value("note"),
            billable=wanted == "yes",
        )
        return Outcome({self.ticket.number: 0})
