"""What the person has chosen: colours, how news come, timing; kept with the agent in the desk."""

from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.notifier import Teller
from helpdesk.tui.app.themes import DARK, LIGHT


class Choices:
    """Puts the agent's preferences into force, and keeps those that change."""

    def __init__(self, app: DeskApp, teller: Teller) -> None:
        self._app = app
        self._teller = teller

    async def read(self) -> None:
        """Do as was chosen earlier."""
        from helpdesk.desk.people import (
            preferences,  # brings the ORM along, see the package's docstring
        )

        chosen = await self._app.backend.call(preferences.preferences)
        self._teller.ring, self._teller.popup = chosen.ring, chosen.popup
        self._app.times_tickets = chosen.timing
        self._app.theme = LIGHT.name if chosen.light else DARK.name

    async def change_ring(self) -> None:
        """Let news be quiet, ring the bell, or show as notifications of the desktop."""
        teller = self._teller
        ring, popup = teller.ring, teller.popup
        teller.ring, teller.popup = not ring and not popup, ring
        if teller.ring:
            said = "the bell rings at news"
        elif teller.popup:
            said = "news come as notifications of the desktop, if this terminal knows them"
        else:
            said = "news come quietly"
        self._app.say(said)
        await self._keep(ring=teller.ring, popup=teller.popup)

    async def change_timing(self) -> None:
        """Let the timer start with every ticket that is opened, or not."""
        app = self._app
        app.times_tickets = not app.times_tickets
        starts = "starts" if app.times_tickets else "does not start"
        app.say(f"the timer {starts} with every ticket that you open.")
        await self._keep(timing=app.times_tickets)

    async def change_theme(self) -> None:
        """Change between dark and light."""
        self._app.theme = LIGHT.name if self._app.theme == DARK.name else DARK.name
        await self._keep(light=self._app.theme == LIGHT.name)

    async def _keep(self, **choices: bool) -> None:
        app = self._app
        if app.agent is None:
            return
        from helpdesk.desk.people import preferences  # as above

        await app.unasked("preferences", lambda: app.backend.call(preferences.prefer, **choices))
