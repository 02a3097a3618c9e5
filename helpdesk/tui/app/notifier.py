"""Run the desk's due actions while the app is open, and notify the agent of new notices."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk.domain.notices import NoticeKind
from helpdesk.tui.terminal.sequences import desktop_notification
from helpdesk.tui.text.countdown import SYMBOLS, CountdownStatus
from helpdesk.tui.text.news import NewsKind
from helpdesk.tui.text.notices import notice_sentence

if TYPE_CHECKING:  # these modules import the ORM
    from helpdesk.desk.inbox.inbox import NoticeView
    from helpdesk.tui.app.desk_app import DeskApp

#: The longest random delay before due actions are run.  It lets one of many open apps run them
#: first; the others then find nothing left to do.
_JITTER_S = 0.3
#: Due actions that failed (on a locked database, for example) are tried again after this time.
_RETRY_AFTER = timedelta(seconds=5)
#: More notices than this at once are summarised in one sentence.
_MAX_SINGLE_NOTICES = 3
_KINDS = {NoticeKind.BREACHED: NewsKind.ERROR, NoticeKind.WARNED: NewsKind.WARNING}


class Notifier:
    """Tracks when the next action is due and which notices have been shown.

    :ivar ring: whether notices ring the terminal's bell.
    :ivar popup: whether the terminal is asked to show notices as desktop notifications.
    :ivar quiet: whether notices are only counted in the header and listed.
    """

    def __init__(self, app: "DeskApp") -> None:
        self._app = app
        self._due_at: datetime | None = None
        self._last_shown = 0
        self._lock = asyncio.Lock()
        self.ring = False
        self.popup = False
        self.quiet = False

    async def start(self) -> None:
        """Take the existing notices as seen, and run what became due while no app was open."""
        from helpdesk.desk.inbox import inbox

        self._last_shown = await self._app.backend.call(inbox.newest)
        self._due_at = self._app.now()

    def is_due(self, now: datetime) -> bool:
        """Return whether the desk has a due action."""
        return self._due_at is not None and self._due_at <= now

    async def run_due_actions(self) -> None:
        """Run the due actions, unless another app has run them, and show new notices."""
        from helpdesk.desk import scheduler

        self._due_at = self._app.now() + _RETRY_AFTER
        await asyncio.sleep(random.uniform(0, _JITTER_S))  # noqa: S311  (no secret)
        await self._app.backend.call(scheduler.catch_up)
        await self.refresh()

    async def refresh(self) -> None:
        """Read when the next action is due, and show new notices."""
        from helpdesk.desk import scheduler
        from helpdesk.desk.inbox import inbox

        async with self._lock:  # two refreshes at once would show the same notice twice
            self._due_at = await self._app.backend.call(scheduler.next_due_at)
            new = await self._app.backend.call(inbox.since, self._last_shown)
            if new:
                self._last_shown = new[-1].number
                self._show_all(new)
                await self._app.refresh_counts()
                self._app.notify_screen(lambda screen: screen.counts_changed())

    def _show_all(self, notices: "Sequence[NoticeView]") -> None:
        if len(notices) > _MAX_SINGLE_NOTICES:
            sentence = _summary(notices)
            breached = any(notice.kind is NoticeKind.BREACHED for notice in notices)
            kind = NewsKind.ERROR if breached else NewsKind.WARNING
            sign = SYMBOLS[CountdownStatus.BREACHED if breached else CountdownStatus.WARNING]
            self._show(sentence, kind, sign)
        else:
            sentence = notice_sentence(notices[-1])
            for notice in notices:
                self._show(notice_sentence(notice), _KINDS.get(notice.kind, NewsKind.HINT))
        if self.ring:
            self._app.bell()
        if self.popup:
            self._app.send_to_terminal(desktop_notification(sentence))

    def _show(self, sentence: str, kind: NewsKind, sign: str = "") -> None:
        self._app.news.tell_notice(sentence, kind, sign=sign, quietly=self.quiet)


def _summary(notices: "Sequence[NoticeView]") -> str:
    breaches = sum(notice.kind is NoticeKind.BREACHED for notice in notices)
    warnings = sum(notice.kind is NoticeKind.WARNED for notice in notices)
    rest = len(notices) - breaches - warnings
    counts = (
        _count(breaches, "breach", "es"),
        _count(warnings, "warning"),
        _count(rest, "notice" if not breaches + warnings else "other notice"),
    )
    parts = [part for part in counts if part]
    text = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    return f"{text}: press I to list them"


def _count(count: int, noun: str, plural: str = "s") -> str:
    return f"{count} {noun}{'' if count == 1 else plural}" if count else ""
