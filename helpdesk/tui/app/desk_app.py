"""The app as its screens use it: desk, clock, header counts, drafts, messages, undo."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from textual.css.query import NoMatches
from textual.filter import LineFilter
from textual.worker import WorkType

from helpdesk.desk.agent_view import AgentView
from helpdesk.desk.form_drafts import Drafts
from helpdesk.desk.queue.views import DeskCounts
from helpdesk.domain.cures import in_the_app
from helpdesk.domain.errors import (
    ConflictError,
    DeskError,
    NotPermittedError,
    OutdatedProgramError,
    RefusedError,
)
from helpdesk.domain.escalation import Level
from helpdesk.domain.i18n import _
from helpdesk.domain.text import one_line
from helpdesk.tui.app.news_app import NewsApp
from helpdesk.tui.app.themes import DARK
from helpdesk.tui.base.backend import DeskBackend
from helpdesk.tui.base.desk_screen import DeskScreen
from helpdesk.tui.base.own_work import OwnWork, own_work
from helpdesk.tui.base.presence import PresenceTracker
from helpdesk.tui.terminal.inert_segments import InertSegments
from helpdesk.tui.terminal.no_markup import switch_markup_off
from helpdesk.tui.text.news import NewsKind
from helpdesk.tui.ticket.actions import TicketActions
from helpdesk.tui.widgets.hit_list import HitList
from helpdesk.tui.widgets.stored_text import LineField

if TYPE_CHECKING:  # these modules import the ORM, which must not delay the first paint
    from helpdesk.desk.hazards import Hazard
    from helpdesk.desk.session import Desk

#: The header's counts are read again after this time, because tickets become late by themselves.
_COUNTS_MAX_AGE = timedelta(minutes=1)
#: If they were never read, they are tried again after this time.
_COUNT_RETRY_AFTER = timedelta(seconds=5)
#: How many earlier changes can be undone.
_UNDO_DEPTH = 50
_INERT = InertSegments()
#: The id by which Textual knows the command palette.
_PALETTE = "--command-palette"


class DeskApp(NewsApp):
    """An app whose desk is opened after the app has started.

    :ivar desk: the desk; None until it is open.  Call its verbs through ``backend``.
    :ivar agent: the agent who uses the app; None until known.
    :ivar counts: the header's counts as last read.
    :ivar own_work: the agent's drafts and timer, as last read together with the counts.
    :ivar hazards: what endangers the work, as last read together with the counts.
    :ivar failure: the error that ended the app, for the caller of ``run``.
    :ivar auto_timer: whether opening a ticket starts its timer.
    :ivar orders: the order chosen for each queue, and under None for the agent's own tickets.
    """

    def __init__(self, open_desk: "Callable[[], Desk]", drafts: Drafts | None = None) -> None:
        switch_markup_off()
        super().__init__()
        self.backend = DeskBackend(open_desk)
        self.desk: Desk | None = None
        self.agent: AgentView | None = None
        self.counts: DeskCounts | None = None
        self.hazards: tuple[Hazard, ...] = ()
        self.own_work = OwnWork()
        self.failure: DeskError | None = None
        self.auto_timer = False
        self.orders: dict[Level | None, str] = {}
        self.presence = PresenceTracker(self.backend)
        self._drafts = drafts
        self._counted_at: datetime | None = None
        self._job_errors: dict[str, str] = {}
        self._changes: list[dict[int, int]] = []

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return the variables of our themes for themes that lack them, as until ours are set."""
        return dict(DARK.variables)

    def now(self) -> datetime:
        """Return the current time in UTC, in whole seconds, by the desk's clock once it is open."""
        if self.desk is not None:
            return self.desk.now()
        return datetime.now(UTC).replace(microsecond=0)

    # The header's counts.

    async def refresh_counts(self) -> None:
        """Read the header's counts again."""
        from helpdesk.desk.hazards import hazards  # here, because it imports the ORM
        from helpdesk.desk.queue import lists
        from helpdesk.desk.time_spent import entries
        from helpdesk.desk.zone import follow_policy

        self._counted_at = self.now()
        self.counts = await self.backend.call(lists.counts)
        self.hazards = await self.backend.call(hazards)
        await self.backend.call(follow_policy)
        timer = await self.backend.call(entries.running)
        self.own_work = own_work(self.drafts.forms(), timer.number if timer else None)
        self.loaded()

    def counts_are_old(self, now: datetime) -> bool:
        """Return whether the header's counts may have changed through the passing of time."""
        if self.desk is None:
            return False
        if self.counts is None:  # the first screen may have been left before it has counted
            return self._counted_at is None or now - self._counted_at >= _COUNT_RETRY_AFTER
        breach = self.counts.next_breach_at
        age = now - self._counted_at if self._counted_at is not None else _COUNTS_MAX_AGE
        return age >= _COUNTS_MAX_AGE or (breach is not None and breach < now)

    def hazard_words(self) -> str:
        """Return what endangers the work in a word or two, for the header; "" if nothing does."""
        return " · ".join(hazard.word for hazard in self.hazards if hazard.word)

    # Drafts.

    @property
    def drafts(self) -> Drafts:
        """The agent's drafts."""
        if self._drafts is None:
            self._drafts = Drafts(None, self.agent.login if self.agent else "")
        return self._drafts

    def keep_drafts(self) -> None:
        """Save the drafts of all open screens now."""
        for screen in self.screen_stack:
            keep = getattr(screen, "keep_draft", None)
            if keep is not None:
                with suppress(NoMatches):  # a form that is just being opened has no fields yet
                    keep()

    # Output: to the user, to the top screen, to the terminal.

    def say_error(self, error: DeskError, *, of_loading: bool = False) -> None:
        """Show why an action failed; end the app if the desk needs a newer program.

        :param of_loading: whether a list could not be read; the error goes when that works again.
        """
        self._show_error(error, of_loading=of_loading)
        if isinstance(error, OutdatedProgramError):
            self.keep_drafts()
            self.fail(error)

    async def on_hit_list_unfit(self, event: HitList.Unfit) -> None:
        """Record that a hit does not fit what was searched for, or that it does after all."""
        from helpdesk.desk.search import unfit  # imports the ORM, so only when needed

        hit = event.hit
        change, said = (
            (unfit.say_it_fits, _("{id} may fit again."))
            if hit.unfit
            else (unfit.say_unfit, _("{id} does not fit; it no longer answers this."))
        )
        try:
            await self.backend.call(change, event.text, hit.id)
        except DeskError as error:
            self.say_error(error)
            return
        event.hits.set_unfit(hit, unfit=not hit.unfit)
        self.say(said.format(id=hit.id))

    def _show_error(self, error: DeskError, *, of_loading: bool = False) -> None:
        lines = [one_line(in_the_app(str(error)))]
        if isinstance(error, ConflictError):
            lines += [f"· {one_line(change)}" for change in error.changes[-5:]]
        self.news.tell("\n".join(lines), NewsKind.ERROR, of_loading=of_loading)

    def notify_screen(self, call: Callable[[DeskScreen], None]) -> None:
        """Call a function with the top screen, unless that screen is being opened or closed."""
        stack = self.screen_stack
        top = stack[-1] if stack else None  # the stack is empty while the app ends
        if isinstance(top, DeskScreen) and top.is_up:
            with suppress(NoMatches):
                call(top)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Return the filters of every line of every widget; the last makes its text harmless."""
        return [*super().get_line_filters(), _INERT]

    def send_to_terminal(self, sequence: str) -> None:
        """Send a control sequence that is one of :data:`helpdesk.tui.terminal.sequences.SILENT`."""
        if self._driver is not None:
            self._driver.write(sequence)
            self._driver.flush()

    def action_focus_next(self) -> None:
        """Take the completion that is shown in a field, and go to the next one."""
        if isinstance(self.focused, LineField):
            self.focused.take_completion()
        super().action_focus_next()

    async def action_command_palette(self) -> None:  # type: ignore[override]
        """Open the command palette."""
        from helpdesk.tui.app.palette import DeskPalette, ScreenActions

        if self.screen.id != _PALETTE:
            await self.push_screen(DeskPalette([ScreenActions], id=_PALETTE))

    @property
    def may_copy(self) -> bool:
        """Whether the policy allows copying to the clipboard of the terminal."""
        return self.counts is not None and self.counts.may_copy

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text to the clipboard of the terminal, if the policy allows it."""
        if self.may_copy:
            super().copy_to_clipboard(text)
        else:
            refused = _("the policy of this desk does not allow copying to the clipboard.")
            self.say_error(RefusedError(refused))

    def action_help_quit(self) -> None:
        """Say what Ctrl+C does here, to people who expect it to end the program."""
        self.say(_("Ctrl+C copies what is selected; to leave the desk press Ctrl+Q."), done=False)

    # Background jobs, and ending the app.

    async def run_automatic_job(self, name: str, job: Callable[[], Awaitable[object]]) -> None:
        """Run a job that the user did not ask for; show an error once while it lasts."""
        try:
            await job()
        except DeskError as error:
            if self._job_errors.get(name) != str(error):
                self._job_errors[name] = str(error)
                self._show_error(error)
        else:
            self.news.clear_loading_error(self._job_errors.pop(name, ""))

    def start(
        self,
        job: Callable[[], Coroutine[None, None, None]],
        group: str = "default",
        *,
        exclusive: bool = False,
    ) -> None:
        """Run a job in the background; it is cancelled when the app ends.

        :param exclusive: first cancel the running jobs of the same group.
        """
        work: WorkType[None] = job
        self.run_worker(work, group=group, exclusive=exclusive)

    def sign_out(self, sentence: str) -> None:
        """Save all drafts and end the app with this explanation."""
        self.keep_drafts()
        self.fail(NotPermittedError(sentence))

    def fail(self, error: DeskError) -> None:
        """End the app; the caller of ``run`` shows the error."""
        self.failure = error
        self.exit(return_code=1)

    # Changes that can be undone.

    @property
    def last_change(self) -> dict[int, int]:
        """The tickets of the last change made in this app, each with its version after it."""
        return self._changes[-1] if self._changes else {}

    def record_change(self, made: dict[int, int], *, keep_marks: bool = False) -> None:
        """Remember that these tickets were changed together, and clear the marks.

        :param made: the version of each ticket after the change; 0 accepts any version.
        :param keep_marks: whether the marks stay, because the change has nothing to do with them.
        """
        if made:
            self.news.clear_error()
            self._changes = [*self._changes[-_UNDO_DEPTH:], made]
        for screen in self.screen_stack:
            if isinstance(screen, TicketActions) and not keep_marks:
                screen.clear_marks()

    def forget_last_change(self) -> None:
        """Forget the last change, because it was undone or cannot be undone."""
        if self._changes:
            self._changes.pop()
