"""Sign out agents who are connected over SSH: when their access ends or they are idle too long."""

import asyncio
from typing import TYPE_CHECKING

from textual import events

from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.idle import IdleTimer

if TYPE_CHECKING:  # these modules import the ORM
    from helpdesk.desk.session import Desk
    from helpdesk.desk.ssh.watchdog import Watchdog


class ConnectionWatch:
    """Watches the SSH connection of this session; does nothing if there is none."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._idle = IdleTimer()
        self._watchdog: Watchdog | None = None

    def start(self, desk: "Desk") -> None:
        """Start watching, if the desk was opened over SSH."""
        if desk.settings.origin is None:
            return
        from helpdesk.desk.ssh import connections  # these are needed over SSH only
        from helpdesk.desk.ssh.watchdog import Watchdog
        from helpdesk.ssh.client_link import ClientLink

        loop = asyncio.get_running_loop()

        def sign_out(sentence: str) -> None:
            loop.call_soon_threadsafe(self._app.sign_out, sentence)

        def idle() -> str:
            # The policy is asked each time, so that a change of it acts on open apps as well.
            self._idle.limit_s = connections.terms(desk).idle_s
            return self._idle.message

        self._watchdog = Watchdog(desk, sign_out, ClientLink().is_gone, idle)
        self._watchdog.start()

    def record_event(self, event: events.Event) -> None:
        """Record an event; user input restarts the idle time."""
        self._idle.record_event(event)

    def check_idle(self) -> None:
        """Sign the agent out if no key was pressed for too long."""
        if self._idle.message:
            self._app.sign_out(self._idle.message)

    async def stop(self) -> None:
        """Stop watching."""
        if self._watchdog is not None:
            await asyncio.to_thread(self._watchdog.stop)
