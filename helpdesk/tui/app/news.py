"""All that the app tells its user passes here: one sentence stands, the others can be listed."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from textual.app import App
from textual.timer import Timer

from helpdesk.domain.text import one_line
from helpdesk.tui.text.news import NewsItem, NewsKind
from helpdesk.tui.widgets.news_line import NewsLine

#: How many pieces of news can be listed.
_KEPT = 500


class News:
    """Decides which piece of news stands in the news line.

    What the user's own keys led to is shown at once.  A notice waits until that has stood long
    enough to be read; of several notices the most serious one is shown, with a count of the others.

    :ivar items: the news since the app was started, oldest first.
    :ivar current: the piece of news that stands in the line; None if it is empty.
    """

    def __init__(self, app: App[Any], now: Callable[[], datetime]) -> None:
        self.items: deque[NewsItem] = deque(maxlen=_KEPT)
        self.current: NewsItem | None = None
        self._app = app
        self._now = now
        self._number = 0
        self._waiting: NewsItem | None = None
        self._timer: Timer | None = None
        self._ends_at = 0.0

    @property
    def number(self) -> int:
        """The number of the newest piece of news; 0 if there was none."""
        return self._number

    def tell(self, text: str, kind: NewsKind, *, of_loading: bool = False) -> None:
        """Show at once what the user's own key, or the app, has led to.

        :param text: one line, or several.
        :param of_loading: whether it is the error of a list that could not be read.
        """
        item = self._add(NewsItem(self._number + 1, self._now(), kind, text, of_loading=of_loading))
        self._show(item)

    def tell_notice(
        self, text: str, kind: NewsKind, *, sign: str = "", quietly: bool = False
    ) -> None:
        """Show a notice as soon as nothing of the user's own stands in the line.

        :param sign: the sign before the text; "" if it begins with one.
        :param quietly: only list it.
        """
        item = self._add(
            NewsItem(self._number + 1, self._now(), kind, text, notice=True, sign=sign)
        )
        if quietly:
            return
        current = self.current
        if current is not None and current.notice:
            self._show(_together(current, item))
        elif current is not None and time.monotonic() < self._ends_at:
            self._waiting = item if self._waiting is None else _together(self._waiting, item)
        else:
            self._show(item)

    def clear(self) -> None:
        """Empty the line, or show the notice that waits."""
        item, self._waiting = self._waiting, None
        if self.current is not None or item is not None:
            self._show(item)

    def clear_error(self, *, up_to: int | None = None) -> None:
        """Empty the line if an error stands in it, because something has succeeded.

        :param up_to: leave the errors with higher numbers.
        """
        current = self.current
        if current is not None and current.stays and (up_to is None or current.number <= up_to):
            self.clear()

    def clear_loading_error(self, text: str = "") -> None:
        """Empty the line if it says that a list could not be read, because it can be again.

        :param text: the error itself, if the line does not know that it is one of that kind.
        """
        current = self.current
        if current is not None and (current.of_loading or current.text == text):
            self.clear()

    def clear_notices(self) -> None:
        """Empty the line if a notice stands in it, because the user looks at the inbox."""
        self._waiting = None
        if self.current is not None and self.current.notice:
            self.clear()

    def draw(self) -> None:
        """Show the current piece of news on the topmost screen that has a line for it."""
        item = self.current
        for screen in reversed(self._app.screen_stack):
            for line in screen.query(NewsLine):
                shown = item if item is not None and line.takes(item) else None
                line.show(shown)
                if shown is not None:
                    item = None

    def _add(self, item: NewsItem) -> NewsItem:
        text = "\n".join(one_line(line) for line in item.text.split("\n"))
        item = replace(item, text=text)
        current = self.current
        if current is not None and item.of_loading and current.text == text:
            return item  # a list that is read once a second fails once a second
        self._number = item.number
        self.items.append(item)
        return item

    def _show(self, item: NewsItem | None) -> None:
        self.current = item
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        if item is not None:
            self._ends_at = time.monotonic() + item.time_s
            self._timer = self._app.set_timer(item.time_s, self._time_is_up)
        self.draw()

    def _time_is_up(self) -> None:
        if self._waiting is not None or (self.current is not None and not self.current.stays):
            self.clear()


def _together(earlier: NewsItem, later: NewsItem) -> NewsItem:
    shown = earlier if earlier.kind > later.kind else later
    return replace(shown, more=earlier.more + 1)
