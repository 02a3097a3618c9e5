"""The screen that lists recent SLA warnings and breaches, newest first."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from helpdesk.desk.inbox import alarms
from helpdesk.desk.inbox.alarms import AlarmView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.sla.clock import clock_title
from helpdesk.domain.text import one_line
from helpdesk.tui.base.option_screen import OptionScreen
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.text.moments import stamp_text
from helpdesk.tui.widgets.keymap import BACK, GLOBAL, LIST, bindings
from helpdesk.tui.widgets.option_list import DeskOptions


class AlarmScreen(OptionScreen):
    """A line for each alarm; alarms of which the policy notifies this agent stand out."""

    MANUAL = "agent#warnings-and-breaches"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(LIST, BACK, GLOBAL)]
    KEYS = (*LIST[:1], *BACK, *GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self._alarms: tuple[AlarmView, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Lay out the title and the list."""
        yield Static("warnings and breaches, newest first", id="title", markup=False)
        yield DeskOptions(markup=False)

    def desk_changed(self) -> None:
        """Read the list again."""
        self._load()

    def current_ticket(self) -> int | None:
        """Return the ticket of the alarm under the cursor."""
        place = self.list.highlighted
        return None if place is None or not self._alarms else self._alarms[place].ticket

    @work(exclusive=True)
    async def _load(self) -> None:
        try:
            recent = await self.desk_app.backend.call(alarms.recent)
            await self.desk_app.refresh_counts()
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.counts_changed()
        if recent == self._alarms and recent:
            return
        before = self._alarms[self.list.highlighted or 0].number if self._alarms else None
        self._alarms = recent
        self.list.clear_options()
        now = self.desk_app.now()
        self.list.add_options([Option(_line(alarm, now)) for alarm in recent])
        if not recent:
            self.list.add_option(Option("no warnings or breaches yet", disabled=True))
            return
        places = [place for place, alarm in enumerate(recent) if alarm.number == before]
        self.list.highlighted = places[0] if places else 0


def _line(alarm: AlarmView, now: datetime) -> Content:
    at = f"{stamp_text(alarm.at, now)}:{alarm.at:%S}"
    assignee = one_line(alarm.assignee) or "nobody"
    state = "" if alarm.state.is_active else f" ({alarm.state})"
    style = "bold $error" if alarm.breach else "$warning"
    if not alarm.state.is_active:
        style = "$secondary"
    line = Content.styled(
        f"{at}  {alarm.level}  {assignee:12.12} ", "" if alarm.mine else "$secondary"
    )
    return line + Content.styled(f"{alarm_sentence(alarm)}{state}", style)


def alarm_sentence(alarm: AlarmView) -> str:
    """Return an alarm as text: ``▲ HD-12 first response breached: Cannot log in``."""
    sign = SYMBOLS[CountdownStatus.BREACHED if alarm.breach else CountdownStatus.WARNING]
    clock = clock_title(alarm.clock, alarm.level)
    status = "breached" if alarm.breach else f"{alarm.percent} % used"
    return f"{sign} {alarm.ref} {clock} {status}: {one_line(alarm.subject)}"
