"""Signing out who came in over SSH: the connection is ended for them, or idle for too long."""

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events

from helpdesk.domain.errors import DeskError
from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.idle import IdleWatch

if TYPE_CHECKING:  # the desk's modules bring the ORM along, see the package's docstring
    from helpdesk.desk.session import Desk
    from helpdesk.desk.ssh.watchdog import Warden


class ConnectionWatch:
    """Watches over a connection; does nothing for who has come without one."""

    def __init__(self, app: DeskApp) -> None:
        self._app = app
        self._idle = IdleWatch()
        self._warden: Warden | None = None

    def begin(self, desk: "Desk") -> None:
        """Watch from now on, if the desk was opened over a connection."""
        if desk.connection is None:
            return
        from helpdesk.desk.ssh.watchdog import Warden  # only who comes in over SSH needs one

        loop = asyncio.get_running_loop()

        def tell(sentence: str) -> None:
            loop.call_soon_threadsafe(self._app.sign_out, sentence)

        self._warden = Warden(desk, tell)
        self._warden.start()
        self._app.start(self._heed_idleness)

    async def _heed_idleness(self) -> None:
        from helpdesk.desk.ssh import connections  # as above

        with suppress(DeskError):
            self._idle.begin((await self._app.backend.call(connections.terms)).idle_s)

    def see(self, event: events.Event) -> None:
        """Take note of a key."""
        self._idle.see(event)

    def look(self) -> None:
        """Sign the person out if no key was touched for too long."""
        if self._idle.sentence:
            self._app.sign_out(self._idle.sentence)

    async def end(self) -> None:
        """Watch no longer."""
        if self._warden is not None:
            await asyncio.to_thread(self._warden.stop)
