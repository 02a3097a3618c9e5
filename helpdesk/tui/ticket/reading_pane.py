"""The part of a ticket's screen that is read: the newest hand-over, and the timeline."""

from datetime import datetime

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from helpdesk.desk.ticket.views import TicketView
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.base.host import host_of
from helpdesk.tui.text.timeline import hand_over_content, timeline_content

#: The hand-over may take this part of the pane, but always some lines.
_HAND_OVER_PART, _MIN_HAND_OVER_LINES = 3, 4


class TimelineScroll(VerticalScroll):
    """Scrolls the timeline; at its end it stays at the end, whatever comes or changes its size.

    :ivar at_end: whether the newest entry is in sight.
    """

    def __init__(self) -> None:
        super().__init__(Static("", id="timeline", markup=False), id="left")
        self.at_end = True

    def on_mount(self) -> None:
        """Notice when the text becomes longer or shorter."""
        self.watch(self, "virtual_size", self._stay_at_end, init=False)

    def on_resize(self) -> None:
        """Keep the newest entry in sight."""
        self._stay_at_end()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notice whether the agent has left the end or has come to it."""
        super().watch_scroll_y(old_value, new_value)
        self.at_end = self.scroll_offset.y >= self.max_scroll_y

    def _stay_at_end(self) -> None:
        if self.at_end:
            self.scroll_end(animate=False)


class ReadingPane(Vertical):
    """Shows the newest hand-over on top and the timeline below it, opened at its newest entry.

    The timeline follows new entries.  While an agent reads further up, it stays where it is, and a
    line below it says that there is something new.
    """

    DEFAULT_CSS = """
    ReadingPane { width: 1fr; height: 1fr; }
    ReadingPane > #hand-over {
        height: auto; margin: 0 1 1 1; padding: 0 1; border-left: thick $accent; display: none;
    }
    ReadingPane > #left { height: 1fr; scrollbar-size-vertical: 1; padding: 0 1; }
    ReadingPane #timeline { height: auto; }
    ReadingPane > #below {
        height: 1; padding: 0 1; color: $accent; text-style: bold; display: none;
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._ticket: TicketView | None = None
        self._whole = False
        self._unread = 0

    def compose(self) -> ComposeResult:
        """Lay out the hand-over, the timeline and the line about what is new."""
        yield Static("", id="hand-over", markup=False)
        yield TimelineScroll()
        yield Static("", id="below", markup=False)

    def on_mount(self) -> None:
        """Notice when the agent has come to the newest entry."""
        self.watch(self.timeline, "scroll_y", self._on_scrolled, init=False)

    def on_resize(self) -> None:
        """Fit the hand-over to the height."""
        self._draw_hand_over()

    @property
    def timeline(self) -> TimelineScroll:
        """The part that scrolls."""
        return self.query_one(TimelineScroll)

    def show(self, ticket: TicketView, now: datetime, *, reader: str, whole: bool) -> None:
        """Draw a ticket, and follow its newest entry.

        :param reader: the login of the agent who reads; their own entry is always scrolled to.
        :param whole: show long texts in full, and the newest hand-over in the timeline as well.
        """
        known = {event.number for event in self._ticket.events} if self._ticket else set()
        new = [event for event in ticket.events if known and event.number not in known]
        self._ticket, self._whole = ticket, whole
        self._draw_hand_over()
        follow = self.timeline.at_end or any(event.actor == reader for event in new)
        self.query_one("#timeline", Static).update(timeline_content(ticket, whole=whole, now=now))
        if follow:
            self.timeline.at_end = True
            self.timeline.scroll_end(animate=False)
            self._unread = 0
        elif new:
            self._unread += len(new)
        self._draw_below(one_line(new[-1].actor) if new else "")

    def _draw_hand_over(self) -> None:
        ticket = self._ticket
        shown = self.query_one("#hand-over", Static)
        shown.display = ticket is not None and ticket.hand_over is not None
        if ticket is not None and ticket.hand_over is not None:
            most = max(_MIN_HAND_OVER_LINES, self.size.height // _HAND_OVER_PART)
            shown.update(
                hand_over_content(
                    ticket.hand_over, host_of(self).now(), most, whole_below=self._whole
                )
            )

    def _on_scrolled(self) -> None:
        if self._unread and self.timeline.at_end:
            self._unread = 0
            self._draw_below("")

    def _draw_below(self, actor: str) -> None:
        line = self.query_one("#below", Static)
        line.display = self._unread > 0
        if actor:
            entries = _("new entry") if self._unread == 1 else _("new entries")
            line.update(
                Content(
                    _("↓ {count} {entries} below, the last by {actor} · End goes there").format(
                        count=self._unread, entries=entries, actor=actor
                    )
                )
            )
