"""What the app does by itself: each second, and when somebody has changed something."""

import time
from collections.abc import Callable
from contextlib import suppress

from helpdesk.domain.text import one_line
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.notifier import Teller
from helpdesk.tui.app.ssh_session import ConnectionWatch

_LOOK_EVERY_S = 0.5


class Pulse:
    """Tells the screen on top of seconds and news, and sees to it that the desk's errands run."""

    def __init__(self, app: DeskApp, teller: Teller, connection: ConnectionWatch) -> None:
        self._app = app
        self._teller = teller
        self._connection = connection
        self._mark = -1
        self._looking = False
        self._stop_watching: Callable[[], None] | None = None

    async def begin(self) -> None:
        """Catch up with what is due, and go on from there."""
        await self._app.unasked("keep", self._teller.begin)
        await self._look_around()
        self._tick()
        self._app.set_interval(_LOOK_EVERY_S, self._look_soon)
        await self._watch_knowledge()

    def end(self) -> None:
        """Watch the files no longer; the timers end with the app."""
        if self._stop_watching is not None:
            self._stop_watching()

    def _tick(self) -> None:
        """Wake up as each second begins, so that none is skipped or shown twice."""
        app = self._app
        app.set_timer(1.0 - time.time() % 1.0 + 0.005, self._tick)
        self._connection.look()
        now = app.now()
        app.tell(lambda screen: screen.tick(now))
        if app.counts_are_old(now):
            app.start(self._recount, "recount", exclusive=True)
        if self._teller.is_due(now):
            app.start(self._keep, "keep")

    async def _recount(self) -> None:
        await self._app.unasked("recount", self._app.refresh_counts)
        self._app.tell(lambda screen: screen.counts_changed())

    async def _keep(self) -> None:
        await self._app.unasked("keep", self._teller.keep)

    # News of the desk, of the others on it, of the knowledge base.

    def _look_soon(self) -> None:
        self._app.start(self._look, "look")

    async def _look(self) -> None:
        # A slow answer is waited for: what it tells would be lost if the next look ended it.
        if not self._looking:
            self._looking = True
            try:
                await self._app.unasked("look", self.look_for_changes)
                await self._look_around()
            finally:
                self._looking = False

    async def look_for_changes(self) -> None:
        """Ask whether anybody has changed anything, and tell the screen on top."""
        from helpdesk.desk import change_feed  # brings the ORM along, see the package's docstring

        mark = await self._app.backend.call(change_feed.mark)
        if mark != self._mark:
            first = self._mark < 0
            self._mark = mark
            self._app.tell(lambda screen: screen.desk_changed())
            if not first:
                await self._teller.look()

    async def _look_around(self) -> None:
        """Tell the others where the person is, and the screens on top where the others are."""
        moved = await self._app.neighbours.look(self._whereabouts())
        if not moved:
            return
        for screen in self._app.screen_stack[-2:]:
            changed = getattr(screen, "neighbours_changed", None)
            if changed is not None and screen.is_mounted:
                changed()

    def _whereabouts(self) -> tuple[int | None, bool]:
        """Return the ticket that the person has before them, and whether they write in it."""
        for screen in reversed(self._app.screen_stack):
            place = getattr(screen, "place", None)
            if place is not None:
                found: tuple[int, bool] = place
                return found
        return None, False

    async def _watch_knowledge(self) -> None:
        from helpdesk.desk.knowledge import articles  # as above

        app = self._app
        if app.desk is not None:
            for warning in (app.desk.kb_problem, app.desk.database_hazard):
                if warning:
                    app.notify(one_line(warning), severity="warning", markup=False)

        def changed() -> None:
            with suppress(RuntimeError):  # the app has ended meanwhile
                app.call_from_thread(self._knowledge_changed)

        self._stop_watching = await app.backend.look_up(articles.watch, changed)

    def _knowledge_changed(self) -> None:
        self._app.tell(lambda screen: screen.knowledge_changed())
