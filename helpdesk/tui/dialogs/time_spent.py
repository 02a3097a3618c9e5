"""The dialog that records time spent on a ticket and controls the timer."""

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from helpdesk.desk.bulk.bulk import BulkOutcome
from helpdesk.desk.ticket.views import TicketView
from helpdesk.desk.time_spent import entries
from helpdesk.desk.time_spent.entries import RunningTimer, TimeEntryView
from helpdesk.domain.errors import DeskError, RefusedError
from helpdesk.domain.text import one_line
from helpdesk.domain.ticket import ref
from helpdesk.domain.time_spent import minutes_text
from helpdesk.tui.dialogs.base import TicketDialog
from helpdesk.tui.text.moments import clock_time_text, stamp_text
from helpdesk.tui.widgets.choice_input import ChoiceInput
from helpdesk.tui.widgets.stored_text import LineField

#: How many earlier time entries are listed.
_SHOWN = 6


class TimeDialog(TicketDialog):
    """Record time with a note, billable or not; the time of the timer is filled in."""

    MANUAL = "agent#record-time"
    NAME, TITLE_TEXT, DONE = "time", "Time spent", "recorded"
    HINTS = "Ctrl+S record   Ctrl+T timer on, off   Ctrl+O timer with every ticket   Esc back"
    FIRST_FIELD = "#spent"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+t", "timer", show=False, priority=True),
        Binding("ctrl+o", "automatic", show=False, priority=True),
    ]

    def __init__(
        self, ticket: TicketView, recorded: tuple[TimeEntryView, ...], timer: RunningTimer | None
    ) -> None:
        super().__init__(ticket)
        self._recorded = recorded
        self._timer = timer

    def fields(self) -> Iterable[Widget]:
        """Return the fields, the state of the timer and the last time entries."""
        timer = self._timer
        here = timer is not None and timer.number == self.ticket.number
        measured = minutes_text(timer.minutes) if timer is not None and here else ""
        yield self.label("Time: 25m, 1h 30m, 1.5h or 1:30")
        yield LineField(measured, id="spent")
        yield self.label("For what (not seen by the requester)")
        yield LineField(id="note")
        yield self.label("Billable")
        yield ChoiceInput(("yes", "no"), name="billable", value="yes")
        now = self.desk_app.now()
        if timer is not None:
            since = clock_time_text(timer.started_at, now)
            where = "" if here else f" on {ref(timer.number)}"
            yield Static(Content(f"◷ the timer runs{where} since {since}"), markup=False)
        lines = [
            f"{stamp_text(entry.at, now)}  {one_line(entry.agent):10} "
            f"{minutes_text(entry.minutes):>7}{'' if entry.billable else ' not billable'}  "
            f"{one_line(entry.note)}"
            for entry in self._recorded[-_SHOWN:]
        ]
        if lines:
            yield Static(Content("\n".join(lines)), classes="hints", markup=False)

    async def action_timer(self) -> None:
        """Start the timer on this ticket; if it runs here already, stop it without recording."""
        app = self.desk_app
        timer = self._timer
        try:
            if timer is not None and timer.number == self.ticket.number:
                await app.backend.call(entries.discard_timer)
                app.say("the timer is stopped; nothing was recorded.")
            else:
                await app.backend.call(entries.start, self.ticket.number)
                app.say(f"the timer runs on {self.ticket.ref}; T records it.")
        except DeskError as error:
            app.say_error(error)
            return
        self.form_draft.saved()
        self.dismiss()

    async def action_automatic(self) -> None:
        """Switch whether the timer starts with every ticket that is opened."""
        await self.desk_app.toggle_auto_timer()

    async def save(self, version: int) -> BulkOutcome:
        """Record the time.

        :raises RefusedError: if several tickets are marked or a field holds no valid value.
        """
        if len(self.numbers) > 1:
            raise RefusedError(
                "time is recorded on one ticket at a time: remove the marks with Esc."
            )
        billable = self.value("billable").strip().lower()
        if billable not in ("yes", "no"):
            raise RefusedError("billable is yes or no: choose with ↑↓.")
        await self.desk_app.backend.call(
            entries.record_time,
            self.ticket.number,
            self.value("spent"),
            self.value("note"),
            billable=billable == "yes",
        )
        return BulkOutcome({self.ticket.number: 0})
