"""The app as screens and dialogs see it.

The app imports its screens.  A screen that needs the app uses the protocol :class:`AppHost` instead
of the app's class, so that there is no import cycle.
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
    from helpdesk.domain.escalation import Level
    from helpdesk.tui.base.backend import DeskBackend
    from helpdesk.tui.base.own_work import OwnWork
    from helpdesk.tui.base.presence import PresenceTracker

Result = TypeVar("Result")


class AppHost(Protocol):
    """The attributes and methods of the app that screens use.

    :ivar backend: runs the desk's verbs off the UI thread.
    :ivar agent: the agent who uses the app; None until known.
    :ivar counts: the header's counts as last read.
    :ivar own_work: the agent's drafts and timer, as last read together with the counts.
    :ivar presence: which other agents have which ticket open.
    :ivar auto_timer: whether opening a ticket starts its timer.
    :ivar orders: the order chosen for each queue, and under None for the agent's own tickets.
    """

    backend: "DeskBackend"
    agent: "AgentView | None"
    counts: "DeskCounts | None"
    own_work: "OwnWork"
    presence: "PresenceTracker"
    auto_timer: bool
    orders: "dict[Level | None, str]"

    @property
    def drafts(self) -> "Drafts":
        """The agent's drafts."""

    @property
    def last_change(self) -> dict[int, int]:
        """The tickets of the last change made in this app, each with its version after it."""

    @property
    def may_copy(self) -> bool:
        """Whether the policy allows copying to the clipboard of the terminal."""

    def copy_to_clipboard(self, text: str) -> None:
        """Copy a text to the clipboard of the terminal, if the policy allows it."""

    def push_screen(
        self,
        screen: "Screen[Result]",
        callback: "ScreenResultCallbackType[Result] | None" = None,
    ) -> "AwaitMount":
        """Show a screen on top of the others.

        :param callback: called with the value that the screen is dismissed with.
        """

    def hazard_words(self) -> str:
        """Return what endangers the work in a word or two, for the header; "" if nothing does."""

    def now(self) -> datetime:
        """Return the current time in UTC, in whole seconds."""

    def draft_dropped(self) -> None:
        """Drop the words that are typed on although the form closes without them."""

    def say(self, sentence: str, *, done: bool = True) -> None:
        """Show a sentence for a few seconds, in place of any error.

        :param done: whether it says that something was done, and not only how things are.
        """

    def say_error(self, error: "DeskError", *, of_loading: bool = False) -> None:
        """Show why an action failed.

        :param of_loading: whether a list could not be read; the error goes when that works again.
        """

    def succeeded(self) -> None:
        """Take back the error that is shown: something succeeded that makes no news of its own."""

    def loaded(self) -> None:
        """Take back the error that a list could not be read: it was read."""

    def start(
        self,
        job: Callable[[], Coroutine[None, None, None]],
        group: str = "default",
        *,
        exclusive: bool = False,
    ) -> None:
        """Run a job in the background; it is cancelled when the app ends.

        :param job: a coroutine function, or a partial of one; Textual refuses a lambda.
        :param exclusive: first cancel the running jobs of the same group.
        """

    async def refresh_counts(self) -> None:
        """Read the header's counts again."""

    async def look_for_changes(self) -> None:
        """Check for changes to the desk and notify the top screen."""

    def record_change(self, made: dict[int, int], *, keep_marks: bool = False) -> None:
        """Remember that these tickets were changed together, so that it can be undone."""

    def forget_last_change(self) -> None:
        """Forget the last change, because it was undone or cannot be undone."""

    async def open_ticket(self, number: int) -> None:
        """Show a ticket on its own screen."""

    def show_logged(self, number: int) -> None:
        """Move the cursor of the queue to a ticket that was just logged."""

    async def toggle_auto_timer(self) -> None:
        """Switch on or off that opening a ticket starts its timer."""

    async def action_queue(self, level: str) -> None:
        """Go to a level's queue."""


def host_of(node: "MessagePump") -> AppHost:
    """Return the app in which a screen or widget is shown."""
    return cast("AppHost", node.app)
