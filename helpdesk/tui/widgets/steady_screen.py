"""The base class of all screens: what happens to a screen that is coming or going does nothing.

A screen that is being opened has no widgets yet, and one that was closed has them no more, while
messages, timers and workers that were meant for it still arrive.
"""

import inspect
from typing import Any, ClassVar, TypeVar

from textual import events, messages
from textual.app import App
from textual.css.query import NoMatches
from textual.dom import DOMNode, NoScreen
from textual.geometry import Offset
from textual.message import Message
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.worker import Worker, WorkType

from helpdesk.error_log import log_crash
from helpdesk.tui.widgets.too_small import TooSmall, is_too_small

Result = TypeVar("Result")
#: The messages by which Textual closes a screen; what else comes for a closed one is dropped.
_CLOSING = (
    *(events.Callback, events.Idle, events.ScreenSuspend, events.Unmount),
    *(messages.CloseMessages, messages.Prompt, messages.Prune),
)


class SteadyScreen(Screen[Result]):
    """A screen that is covered by a notice in a small window, and is quiet once it was closed.

    :cvar MUST_BE_SEEN: whether keys are dropped that were typed before the screen was painted,
        because it asks something that the user could not yet know of.
    """

    MUST_BE_SEEN: ClassVar[bool] = False

    @property
    def is_up(self) -> bool:
        """Whether the screen has all its widgets: it was opened, and was not closed since."""
        return self.is_mounted and self.is_running and not is_gone(self)

    async def _dispatch_message(self, message: Message) -> None:
        if is_gone(self) and not isinstance(message, _CLOSING):
            return
        try:
            await super()._dispatch_message(message)
        except Exception as error:
            if not is_gone(self):  # it may have been closed while a handler waited
                raise
            note_late_error(error)

    def get_widget_and_offset_at(self, x: int, y: int) -> tuple[Widget | None, Offset | None]:
        """Return the widget at a place, of whose text the mouse may select some, and where in it.

        A widget that was removed, but is still painted there, does not count.
        """
        widget, offset = super().get_widget_and_offset_at(x, y)
        if isinstance(widget, Widget) and widget.parent is None and widget is not self:
            return None, None
        return widget, offset

    def run_worker(self, work: WorkType[Any], *args: Any, **kwargs: Any) -> Worker[Any]:
        """Run something in the background until the screen is closed.

        Textual removes a screen's widgets before it cancels the screen's workers.  A worker that
        finishes in between finds no widget to draw on; that is not an error.
        """
        if not callable(work) or kwargs.get("thread"):
            return super().run_worker(work, *args, **kwargs)

        async def while_shown() -> Any:
            try:
                result = work()
                return await result if inspect.isawaitable(result) else result
            except Exception as error:
                if not is_gone(self):
                    raise
                note_late_error(error)
                return None

        return super().run_worker(while_shown, *args, **kwargs)

    def on_resize(self) -> None:
        """Cover the screen with a notice if the window is too small."""
        self.set_class(is_too_small(self.app), "-too-small")
        for cover in self.query(TooSmall):
            cover.look()

    def _extend_compose(self, widgets: list[Widget]) -> None:
        super()._extend_compose(widgets)
        widgets.append(TooSmall())


class SteadyModal(SteadyScreen[Result], ModalScreen[Result]):
    """A dialog, below which the screen that opened it can be seen."""


def is_gone(node: DOMNode) -> bool:
    """Return whether a screen or widget was closed, or its screen was."""
    try:
        screen = node if isinstance(node, Screen) else node.screen
    except NoScreen:
        return True
    if any(each._pruning or each._closing or each._closed for each in (node, screen)):  # noqa: SLF001
        return True
    return screen not in screen.app.screen_stack


def comes_too_late(error: Exception, app: App[Any], pump: object) -> bool:
    """Return whether an error is one of a widget that was closed, which is of no consequence.

    :param pump: the screen or widget in whose handler, timer or worker the error was raised.
    """
    if isinstance(pump, App) or not isinstance(pump, DOMNode) or not app.is_running:
        return False
    if not is_gone(pump):
        return False
    note_late_error(error)
    return True


def note_late_error(error: Exception) -> None:
    """Log an error of a screen that was closed, unless it only missed its widgets."""
    if not isinstance(error, (NoMatches, NoScreen)):
        log_crash(error)
