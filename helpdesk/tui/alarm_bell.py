"""What an open app does about time: the desk's errands when they are due, and telling of alarms."""

import asyncio
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from helpdesk.domain.text import one_line
from helpdesk.tui.countdown_text import SYMBOLS, Mood

if TYPE_CHECKING:  # the desk's modules bring the ORM along, see the package's docstring
    from helpdesk.desk.alarms import AlarmView
    from helpdesk.tui.app import HelpdeskApp

#: Of many apps that are open at once one does it; the others look a moment later.
_JITTER_S = 0.3
#: An errand that could not be done (a locked database, say) is tried again after this time.
_AGAIN = timedelta(seconds=5)
#: More alarms than this at once are told in one sentence.
_ONE_BY_ONE = 3
_SECONDS = 12


class AlarmBell:
    """Knows when something is due, and which alarms the person has been told of."""

    def __init__(self, app: "HelpdeskApp") -> None:
        self._app = app
        self._due_at: datetime | None = None
        self._told = 0
        self._looking = asyncio.Lock()
        self.ring = False

    async def begin(self) -> None:
        """Catch up with the time in which nobody looked."""
        from helpdesk.desk import alarms

        self._told = await self._app.backend.call(alarms.newest)
        self._due_at = self._app.now()

    def is_due(self, now: datetime) -> bool:
        """Whether the desk has something to do."""
        return self._due_at is not None and self._due_at <= now

    async def keep(self) -> None:
        """Do what is due, unless another app has done it."""
        from helpdesk.desk import keeper

        self._due_at = self._app.now() + _AGAIN
        await asyncio.sleep(random.uniform(0, _JITTER_S))  # noqa: S311  (no secret)
        await self._app.backend.call(keeper.catch_up)
        await self.look()

    async def look(self) -> None:
        """Read what has changed: when the next errand is due, and what there is to tell."""
        from helpdesk.desk import alarms, keeper

        async with self._looking:  # else two looks at once would tell the same twice
            self._due_at = await self._app.backend.call(keeper.next_errand_at)
            new = await self._app.backend.call(alarms.since, self._told)
            if new:
                self._told = new[-1].number
                self._tell([alarm for alarm in new if alarm.mine])

    def _tell(self, alarms: "Sequence[AlarmView]") -> None:
        if not alarms:
            return
        if len(alarms) > _ONE_BY_ONE:
            breaches = sum(alarm.breach for alarm in alarms)
            parts = (_count(breaches, "breach", "es"), _count(len(alarms) - breaches, "warning"))
            said = " and ".join(part for part in parts if part)
            self._say(f"{said}: w lists them", bool(breaches))
        else:
            for alarm in alarms:
                self._say(alarm_sentence(alarm), alarm.breach)
        if self.ring:
            self._app.bell()

    def _say(self, sentence: str, breach: bool) -> None:
        self._app.notify(
            sentence,
            severity="error" if breach else "warning",
            markup=False,
            timeout=_SECONDS,
        )


def _count(count: int, what: str, plural: str = "s") -> str:
    return f"{count} {what}{'' if count == 1 else plural}" if count else ""


def alarm_sentence(alarm: "AlarmView") -> str:
    """Return an alarm in a line, ``▲ HD-12 first response breached: Cannot log in``."""
    sign = SYMBOLS[Mood.BREACHED if alarm.breach else Mood.WARNING]
    clock = f"{alarm.level} OLA" if alarm.clock == "ola" else alarm.clock.replace("_", " ")
    what = "breached" if alarm.breach else f"{alarm.percent} % used"
    return f"{sign} {alarm.ref} {clock} {what}: {one_line(alarm.subject)}"
