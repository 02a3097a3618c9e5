"""The app as screens and dialogs see it.

The app imports its screens.  A screen that needs the app names :class:`AppHost` instead of the
app's class, so that imports go one way.
"""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

if TYPE_CHECKING:
    from textual.message_pump import MessagePump
    from textual.screen import Screen, ScreenResultCallbackType
    from textual.widget import AwaitMount

    from helpdesk.desk.agent_view import AgentView
    from helpdesk.desk.form_drafts import Drafts
    from helpdesk.desk.queue.views import DeskCounts
    from helpdesk.domain.errors import DeskError
    from helpdesk.tui.base.backend import Backend
    from helpdesk.tui.base.presence import Neighbours

Result = TypeVar("Result")


class AppHost(Protocol):
    """What screens use of the app.

    :ivar backend: runs what is asked of the desk off the UI thread.
    :ivar agent: the person, once known.
    :ivar counts: the header's figures, as read last.
    :ivar neighbours: who else is on which ticket.
    :ivar times_tickets: whether the timer starts with every ticket that is opened.
    """

    backend: "Backend"
    agent: "AgentView | None"
    counts: "DeskCounts | None"
    neighbours: "Neighbours"
    times_tickets: bool

    @property
    def drafts(self) -> "Drafts":
        """The agent's drafts."""

    @property
    def last_done(self) -> dict[int, int]:
        """The tickets that were changed last in this app, with the versions that this led to."""

    def push_screen(
        self,
        screen: "Screen[Result]",
        callback: "ScreenResultCallbackType[Result] | None" = None,
    ) -> "AwaitMount":
        """Show a screen on top of the others.

        :param callback: is given what the screen is dismissed with.
        """

    def now(self) -> datetime:
        """Return this moment in UTC, in whole seconds."""

    def say(self, sentence: str) -> None:
        """Show a sentence for a moment."""

    def say_error(self, error: "DeskError") -> None:
        """Show why something was not done."""

    def start(
        self,
        job: Callable[[], Coroutine[None, None, None]],
        group: str = "default",
        *,
        exclusive: bool = False,
    ) -> None:
        """Do a job beside everything else; it ends with the app.

        :param job: a coroutine function, or a partial of one; Textual refuses a lambda.
        :param exclusive: what is under way in the same group is given up for it.
        """

    async def refresh_counts(self) -> None:
        """Read the header's figures again."""

    async def look_for_changes(self) -> None:
        """Ask whether anybody has changed anything, and tell the screen on top."""

    def remember_done(self, made: dict[int, int]) -> None:
        """Remember that these tickets were changed in one go, for undoing it."""

    def forget_done(self) -> None:
        """Forget the last change: it was taken back, or cannot be."""

    async def open_ticket(self, number: int) -> None:
        """Show a ticket on a screen of its own."""

    def show_logged(self, number: int) -> None:
        """Put the cursor of the queue on a ticket that was just logged."""

    async def toggle_timing(self) -> None:
        """Start the timer with every ticket that is opened, or no longer."""

    async def action_queue(self, level: str) -> None:
        """Go to a level's queue."""


def host_of(node: "MessagePump") -> AppHost:
    """Return the app in which a screen or widget is shown."""
    return cast("AppHost", node.app)
