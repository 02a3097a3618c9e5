"""What every screen may ask of the app: the desk, the time, the drafts, a word to the person."""

from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from textual.app import App
from textual.css.query import NoMatches
from textual.worker import WorkType

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.queue.views import DeskCounts
from helpdesk.domain.errors import (
    ConflictError,
    DeskError,
    NotPermittedError,
    OutdatedProgramError,
)
from helpdesk.domain.text import one_line
from helpdesk.tui.base.backend import Backend
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.base.presence import Neighbours
from helpdesk.tui.ticket.actions import TicketActions

if TYPE_CHECKING:  # the session module brings the ORM along, which may not delay the first paint
    from helpdesk.desk.session import Desk

#: Time alone makes tickets late: the header's figures are read anew at least so often.
_COUNTS_KEEP = timedelta(minutes=1)
#: How many changes are remembered for undoing.
_UNDO_KEEP = 50


class DeskApp(App[int]):
    """An app with a desk behind it, which is opened later.

    :ivar desk: the desk, once it is open; verbs go through ``backend``.
    :ivar agent: the person, once known.
    :ivar counts: the header's figures, as read last.
    :ivar failure: why the app had to end, for whoever started it.
    :ivar times_tickets: whether the timer starts with every ticket that is opened.
    """

    def __init__(self, open_desk: "Callable[[], Desk]", drafts: Drafts | None = None) -> None:
        super().__init__()
        self.backend = Backend(open_desk)
        self.desk: Desk | None = None
        self.agent: AgentView | None = None
        self.counts: DeskCounts | None = None
        self.failure: DeskError | None = None
        self.times_tickets = False
        self.neighbours = Neighbours(self.backend)
        self._drafts = drafts
        self._counted_at: datetime | None = None
        self._troubles: dict[str, str] = {}
        self._done: list[dict[int, int]] = []

    def now(self) -> datetime:
        """Return this moment in UTC, whole seconds, by the desk's own clock once it is open."""
        if self.desk is not None:
            return self.desk.now()
        return datetime.now(UTC).replace(microsecond=0)

    # The header's figures.

    async def refresh_counts(self) -> None:
        """Read the header's figures anew."""
        from helpdesk.desk.queue import lists  # brings the ORM along, see the package's docstring

        self._counted_at = self.now()
        self.counts = await self.backend.call(lists.counts)

    def counts_are_old(self, now: datetime) -> bool:
        """Whether time alone may have changed the header's figures since they were read."""
        if self.counts is None or self._counted_at is None:
            return False
        breach = self.counts.next_breach_at
        return now - self._counted_at >= _COUNTS_KEEP or (breach is not None and breach < now)

    # What was typed.

    @property
    def drafts(self) -> Drafts:
        """The agent's drafts."""
        if self._drafts is None:
            self._drafts = Drafts(None, self.agent.login if self.agent else "")
        return self._drafts

    def keep_drafts(self) -> None:
        """Write down at once what is typed on any screen."""
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                keep()

    # What is said: to the person, to the screen on top, to the terminal.

    def say(self, sentence: str) -> None:
        """Show a sentence for a moment."""
        self.notify(one_line(sentence), markup=False, timeout=4)

    def say_error(self, error: DeskError) -> None:
        """Show why something was not done; a program that the desk has outgrown ends with it."""
        self._show_error(error)
        if isinstance(error, OutdatedProgramError):
            self.keep_drafts()
            self.fail(error)

    def _show_error(self, error: DeskError) -> None:
        lines = [one_line(str(error))]
        if isinstance(error, ConflictError):
            lines += [f"· {one_line(change)}" for change in error.changes[-5:]]
        self.notify("\n".join(lines), severity="error", markup=False, timeout=8)

    def tell(self, news: Callable[[DeskScreen], None]) -> None:
        """Tell the screen on top; one that is about to come or go has nothing to draw."""
        stack = self.screen_stack
        top = stack[-1] if stack else None  # none while the app ends
        if isinstance(top, DeskScreen) and top.is_mounted:
            with suppress(NoMatches):
                news(top)

    def send_to_terminal(self, sequence: str) -> None:
        """Send a control sequence that draws nothing."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    # What nobody asked for: jobs, and ends.

    async def unasked(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Do what the app does by itself; a trouble that lasts is told once, not at every try."""
        try:
            await job()
        except DeskError as error:
            if self._troubles.get(name) != str(error):
                self._troubles[name] = str(error)
                self._show_error(error)
        else:
            self._troubles.pop(name, None)

    def start(
        self,
        job: Callable[[], Coroutine[None, None, None]],
        group: str = "default",
        *,
        exclusive: bool = False,
    ) -> None:
        """Do a job beside everything else; it ends with the app.

        :param exclusive: what is under way in the same group is given up for it.
        """
        work: WorkType[None] = job
        self.run_worker(work, group=group, exclusive=exclusive)

    def sign_out(self, sentence: str) -> None:
        """End the app, because it must; what was typed is kept, and the person is told why."""
        self.keep_drafts()
        self.fail(NotPermittedError(sentence))

    def fail(self, error: DeskError) -> None:
        """End the app for an error, which whoever started it tells."""
        self.failure = error
        self.exit(return_code=1)

    # What was done, for undoing it.

    @property
    def last_done(self) -> dict[int, int]:
        """The tickets that were changed last in this app, with the versions that this led to."""
        return self._done[-1] if self._done else {}

    def remember_done(self, made: dict[int, int]) -> None:
        """Remember that these tickets were changed in one go; marks have served then.

        :param made: the version of each that this led to; 0: whatever it is.
        """
        if made:
            self._done = [*self._done[-_UNDO_KEEP:], made]
        for screen in self.screen_stack:
            if isinstance(screen, TicketActions):
                screen.forget_marks()

    def forget_done(self) -> None:
        """The last change was taken back, or cannot be."""
        if self._done:
            self._done.pop()
