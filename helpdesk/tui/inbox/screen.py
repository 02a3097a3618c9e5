"""The inbox screen: the agent's notices, newest first."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets.option_list import Option

from helpdesk.desk.inbox import inbox
from helpdesk.desk.inbox.inbox import NoticeView
from helpdesk.domain.errors import DeskError
from helpdesk.domain.notices import NoticeKind
from helpdesk.domain.text import one_line
from helpdesk.tui.base.option_screen import OptionScreen
from helpdesk.tui.text.moments import stamp_text
from helpdesk.tui.text.notices import notice_summary, notice_symbol
from helpdesk.tui.widgets.keymap import BACK, GLOBAL, INBOX, LIST, bindings
from helpdesk.tui.widgets.option_list import DeskOptions

_STYLES = {NoticeKind.BREACHED: "$error", NoticeKind.WARNED: "$warning"}


class InboxScreen(OptionScreen):
    """A line for each notice; unread ones stand out and have a dot."""

    MANUAL = "agent#your-inbox"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(INBOX, LIST, BACK, GLOBAL)]
    KEYS = (*LIST[:1], *INBOX, *BACK, *GLOBAL)

    def __init__(self) -> None:
        super().__init__()
        self._notices: tuple[NoticeView, ...] = ()

    def body(self) -> Iterable[Widget]:
        """Lay out the title and the list."""
        yield Static("inbox", id="title", markup=False)
        yield DeskOptions(markup=False)

    @property
    def _current(self) -> NoticeView | None:
        place = self.list.highlighted
        return None if place is None or not self._notices else self._notices[place]

    def desk_changed(self) -> None:
        """Read the list again."""
        self._load()

    def current_ticket(self) -> int | None:
        """Return the ticket of the notice under the cursor."""
        return self._current.ticket if self._current else None

    @work(exclusive=True)
    async def _load(self) -> None:
        await self._read()

    async def _read(self) -> None:
        try:
            notices = await self.desk_app.backend.call(inbox.listing)
            await self.desk_app.refresh_counts()
        except DeskError as error:
            self.desk_app.say_error(error)
            return
        self.counts_changed()
        unread = sum(not notice.read for notice in notices)
        self.query_one("#title", Static).update(Content(f"inbox · {unread} unread"))
        if notices == self._notices and notices:
            return
        before, place = self._current, self.list.highlighted or 0
        self._notices = notices
        self.list.clear_options()
        if not notices:
            self.list.add_option(Option("the inbox is empty", disabled=True))
            return
        now = self.desk_app.now()
        self.list.add_options([Option(_line(notice, now)) for notice in notices])
        places = [at for at, one in enumerate(notices) if before and one.number == before.number]
        self.list.highlighted = places[0] if places else min(place, len(notices) - 1)

    async def action_toggle_read(self) -> None:
        """Mark the notice as read and go to the next one; mark a read notice as unread."""
        notice = self._current
        if notice is None:
            return
        await self._mark(inbox.mark_read, notice.number, read=not notice.read)
        if not notice.read:
            self.list.action_cursor_down()

    async def action_all_read(self) -> None:
        """Mark all notices as read."""
        await self._mark(inbox.mark_all_read)

    async def _mark(self, verb, *arguments, **named) -> None:  # type: ignore[no-untyped-def]
        try:
            await self.desk_app.backend.call(verb, *arguments, **named)
        except DeskError as error:
            self.desk_app.say_error(error)
        await self._read()


def _line(notice: NoticeView, now: datetime) -> Content:
    dot = " " if notice.read else "●"
    at = stamp_text(notice.at, now)
    head = f"{dot} {at}  {notice_symbol(notice)} {notice.ref:8} "
    text = f"{notice_summary(notice)}: {one_line(notice.subject)}"
    if notice.kind is NoticeKind.MENTIONED or notice.kind is NoticeKind.REQUESTER:
        text += f" · {one_line(str(notice.data.get('text', '')))}"
    style = _STYLES.get(notice.kind, "")
    if notice.read:
        return Content.styled(head + text, "$secondary")
    return Content.styled(head, f"bold {style}".strip()) + Content.styled(text, style)
