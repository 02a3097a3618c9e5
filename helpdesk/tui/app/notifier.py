"""What an open app does about time and news: the desk's errands, and telling of what has come."""

import asyncio
import os
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk.domain.notices import NoticeKind
from helpdesk.tui.text.notices import notice_sentence

if TYPE_CHECKING:  # the desk's modules bring the ORM along, see the package's docstring
    from helpdesk.desk.inbox.inbox import NoticeView
    from helpdesk.tui.app.desk_app import DeskApp

#: Of many apps that are open at once one does it; the others look a moment later.
_JITTER_S = 0.3
#: An errand that could not be done (a locked database, say) is tried again after this time.
_AGAIN = timedelta(seconds=5)
#: More news than this at once are told in one sentence.
_ONE_BY_ONE = 3
_SECONDS = 12
_SEVERITY = {NoticeKind.BREACHED: "error", NoticeKind.WARNED: "warning"}


class Teller:
    """Knows when something is due, and which notices the person has been told of.

    :ivar ring: the terminal's bell rings at each.
    :ivar popup: the terminal is asked to show each as a notification of the desktop.
    """

    def __init__(self, app: "DeskApp") -> None:
        self._app = app
        self._due_at: datetime | None = None
        self._told = 0
        self._looking = asyncio.Lock()
        self.ring = False
        self.popup = False

    async def begin(self) -> None:
        """Catch up with the time in which nobody looked."""
        from helpdesk.desk.inbox import inbox

        self._told = await self._app.backend.call(inbox.newest)
        self._due_at = self._app.now()

    def is_due(self, now: datetime) -> bool:
        """Whether the desk has something to do."""
        return self._due_at is not None and self._due_at <= now

    async def keep(self) -> None:
        """Do what is due, unless another app has done it."""
        from helpdesk.desk import scheduler

        self._due_at = self._app.now() + _AGAIN
        await asyncio.sleep(random.uniform(0, _JITTER_S))  # noqa: S311  (no secret)
        await self._app.backend.call(scheduler.catch_up)
        await self.look()

    async def look(self) -> None:
        """Read what has changed: when the next errand is due, and what there is to tell."""
        from helpdesk.desk import scheduler
        from helpdesk.desk.inbox import inbox

        async with self._looking:  # else two looks at once would tell the same twice
            self._due_at = await self._app.backend.call(scheduler.next_errand_at)
            new = await self._app.backend.call(inbox.since, self._told)
            if new:
                self._told = new[-1].number
                self._tell(new)

    def _tell(self, news: "Sequence[NoticeView]") -> None:
        if len(news) > _ONE_BY_ONE:
            said = _summary(news)
            worst = any(one.kind is NoticeKind.BREACHED for one in news)
            self._say(said, "error" if worst else "warning")
        else:
            said = notice_sentence(news[-1])
            for one in news:
                self._say(notice_sentence(one), _SEVERITY.get(one.kind, "information"))
        if self.ring:
            self._app.bell()
        if self.popup:
            self._app.send_to_terminal(popup_sequence(said))

    def _say(self, sentence: str, severity: str) -> None:
        self._app.notify(
            sentence,
            severity=severity,  # type: ignore[arg-type]
            markup=False,
            timeout=_SECONDS,
        )


def _summary(news: "Sequence[NoticeView]") -> str:
    breaches = sum(one.kind is NoticeKind.BREACHED for one in news)
    warnings = sum(one.kind is NoticeKind.WARNED for one in news)
    rest = len(news) - breaches - warnings
    parts = (
        _count(breaches, "breach", "es"),
        _count(warnings, "warning"),
        _count(rest, "notice" if not breaches + warnings else "other notice"),
    )
    said = [part for part in parts if part]
    text = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    return f"{text}: I lists them"


def _count(count: int, what: str, plural: str = "s") -> str:
    return f"{count} {what}{'' if count == 1 else plural}" if count else ""


def popup_sequence(sentence: str) -> str:
    """Return the control sequence that asks the terminal for a notification of the desktop.

    OSC 9 is iTerm2's and is known to kitty, WezTerm, foot, Ghostty and Windows Terminal; VTE and
    rxvt know OSC 777.  A terminal that knows neither shows nothing.

    :param sentence: inert text.
    """
    text = "".join(char for char in sentence if char.isprintable())[:200]
    if "VTE_VERSION" in os.environ or os.environ.get("TERM", "").startswith("rxvt"):
        return f"\x1b]777;notify;helpdesk;{text.replace(';', ',')}\x07"
    return f"\x1b]9;{text}\x07"
