"""The part of the app through which everything passes that it tells its user."""

from datetime import datetime
from typing import Any

from textual import events
from textual.await_complete import AwaitComplete
from textual.notifications import SeverityLevel
from textual.screen import Screen

from helpdesk.domain.text import one_line
from helpdesk.tui.app.gated_app import GatedApp
from helpdesk.tui.app.news import News
from helpdesk.tui.text.news import NewsKind

_KINDS: dict[SeverityLevel, NewsKind] = {
    "information": NewsKind.HINT,
    "warning": NewsKind.WARNING,
    "error": NewsKind.ERROR,
}


class NewsApp(GatedApp):
    """An app that tells its user everything in the news line of the screen on top.

    :ivar news: what was told to the user.
    """

    def __init__(self) -> None:
        super().__init__()
        self.news = News(self, self.now)
        self._told_before_key = 0

    def now(self) -> datetime:
        """Return the current time in UTC."""
        raise NotImplementedError

    def say(self, sentence: str, *, done: bool = True) -> None:
        """Show a sentence for a few seconds, in place of any error.

        :param done: whether it says that something was done, and not only how things are.
        """
        self.news.tell(one_line(sentence), NewsKind.DONE if done else NewsKind.HINT)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Show a sentence in the news line; Textual's toasts would cover what lies below them.

        :param title: what the sentence is about, which stands before it.
        :param timeout: not used: the news line has its own times.
        :param markup: not used: nothing is read as markup.
        """
        self.news.tell(f"{title}: {message}" if title else message, _KINDS[severity])

    def succeeded(self) -> None:
        """Take back the error that is shown: something succeeded that makes no news of its own."""
        self.news.clear_error()

    def loaded(self) -> None:
        """Take back the error that a list could not be read: it was read."""
        self.news.clear_loading_error()

    def draw_news(self) -> None:
        """Show the current piece of news on the top screen."""
        self.news.draw()

    def push_screen(self, screen: Any, *args: Any, **kwargs: Any) -> Any:
        """Show a screen on top of the others."""
        before = self.screen_stack[-1:]
        opened = super().push_screen(screen, *args, **kwargs)
        self._screen_changed(before)
        return opened

    def switch_screen(self, screen: Any) -> AwaitComplete:
        """Replace the top screen by another one."""
        before = self.screen_stack[-1:]
        switched = super().switch_screen(screen)
        self._screen_changed(before)
        return switched

    def pop_screen(self) -> AwaitComplete:
        """Close the top screen."""
        before = self.screen_stack[-1:]
        closed = super().pop_screen()
        self._screen_changed(before)
        return closed

    def _screen_changed(self, before: list[Screen[Any]]) -> None:
        """Show the news on the screen that is now on top.

        An older error is about the screen that was left, or what was refused there works now; a
        dialog that opens another one keeps it.
        """
        if not all(screen.is_modal for screen in (*before, *self.screen_stack[-1:])):
            self.news.clear_error(up_to=self._told_before_key)
        self.news.draw()

    def draft_dropped(self) -> None:
        """Drop the words that are typed on, and the error that was about the draft."""
        super().draft_dropped()
        self.news.clear_error()

    async def handle_now(self, event: events.Event) -> None:
        """Handle an event; the escape key also empties the news line."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._told_before_key = self.news.number
            if event.key == "escape":
                self.news.clear()
        await super().handle_now(event)
