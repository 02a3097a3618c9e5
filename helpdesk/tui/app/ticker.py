"""What the app does by itself: once a second, and when the desk has changed."""

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol, runtime_checkable

from helpdesk.domain.text import one_line
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.notifier import Notifier
from helpdesk.tui.app.ssh_session import ConnectionWatch
from helpdesk.tui.widgets.steady_screen import SteadyScreen

#: The time between two checks for changes.
_POLL_INTERVAL_S = 0.5


@runtime_checkable
class _ShowsPresence(Protocol):
    """A screen or dialog that shows which other agents have its ticket open."""

    def presence_changed(self) -> None:
        """Handle that other agents opened a ticket, left it, or began to write in it."""


class Ticker:
    """Notifies the top screen of each second and of changes, and starts the desk's due actions."""

    def __init__(self, app: DeskApp, notifier: Notifier, connection: ConnectionWatch) -> None:
        self._app = app
        self._notifier = notifier
        self._connection = connection
        self._mark = -1
        self._polling = False
        self._stop_watching: Callable[[], None] | None = None

    async def start(self) -> None:
        """Run what is already due, and start the timers and the watcher of articles."""
        await self._app.run_automatic_job("due actions", self._notifier.start)
        await self._exchange_presence()
        self._tick()
        self._app.set_interval(_POLL_INTERVAL_S, self._start_poll)
        await self._watch_knowledge()

    def stop(self) -> None:
        """Stop watching files; the timers end with the app."""
        if self._stop_watching is not None:
            self._stop_watching()

    def _tick(self) -> None:
        """Run at the start of each second, so that none is skipped or shown twice."""
        app = self._app
        app.set_timer(1.0 - time.time() % 1.0 + 0.005, self._tick)
        self._connection.check_idle()
        now = app.now()
        app.notify_screen(lambda screen: screen.tick(now))
        if app.counts_are_old(now):
            app.start(self._refresh_counts, "counts", exclusive=True)
        if self._notifier.is_due(now):
            app.start(self._run_due_actions, "due actions")

    async def _refresh_counts(self) -> None:
        await self._app.run_automatic_job("counts", self._app.refresh_counts)
        self._app.notify_screen(lambda screen: screen.counts_changed())

    async def _run_due_actions(self) -> None:
        await self._app.run_automatic_job("due actions", self._notifier.run_due_actions)

    # Changes of the desk, of presence, and of the knowledge base.

    def _start_poll(self) -> None:
        self._app.start(self._poll, "poll")

    async def _poll(self) -> None:
        # A slow poll is never cancelled by the next one, because its result would be lost.
        if not self._polling:
            self._polling = True
            try:
                await self._app.run_automatic_job("poll", self.look_for_changes)
                await self._exchange_presence()
            finally:
                self._polling = False

    async def look_for_changes(self) -> None:
        """Check for changes to the desk and notify the top screen."""
        from helpdesk.desk import change_feed  # here, because it imports the ORM

        mark = await self._app.backend.call(change_feed.mark)
        if mark != self._mark:
            first = self._mark < 0
            self._mark = mark
            self._app.notify_screen(lambda screen: screen.desk_changed())
            if not first:
                await self._notifier.refresh()

    async def _exchange_presence(self) -> None:
        """Publish which ticket is open here; notify the top screens if others have moved."""
        moved = await self._app.presence.update(self._current_place())
        if not moved:
            return
        for screen in self._app.screen_stack[-2:]:
            if (
                isinstance(screen, SteadyScreen)
                and isinstance(screen, _ShowsPresence)
                and screen.is_up
            ):
                screen.presence_changed()

    def _current_place(self) -> tuple[int | None, bool]:
        """Return the ticket that is open in this app, and whether its agent is writing in it."""
        for screen in reversed(self._app.screen_stack):
            place = getattr(screen, "place", None)
            if place is not None:
                found: tuple[int, bool] = place
                return found
        return None, False

    async def _watch_knowledge(self) -> None:
        from helpdesk.desk.hazards import hazards  # here, because it imports the ORM
        from helpdesk.desk.knowledge import articles

        app = self._app
        if app.desk is not None:
            found = await app.backend.call(hazards)
            for warning in (app.desk.kb_problem, *(hazard.sentence for hazard in found)):
                if warning:
                    app.notify(one_line(warning), severity="warning", markup=False)

        def changed() -> None:
            with suppress(RuntimeError):  # the app has ended in the meantime
                app.call_from_thread(self._knowledge_changed)

        self._stop_watching = await app.backend.look_up(articles.watch, changed)

    def _knowledge_changed(self) -> None:
        self._app.notify_screen(lambda screen: screen.knowledge_changed())
