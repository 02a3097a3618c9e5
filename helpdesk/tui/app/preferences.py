"""The agent's preferences (theme, notifications, timer), which the desk stores."""

from helpdesk.tui.app.desk_app import DeskApp
from helpdesk.tui.app.notifier import Notifier
from helpdesk.tui.app.themes import DARK, LIGHT


class PreferenceActions:
    """Applies the agent's preferences and saves changes to them."""

    def __init__(self, app: DeskApp, notifier: Notifier) -> None:
        self._app = app
        self._notifier = notifier

    async def load(self) -> None:
        """Read the saved preferences and apply them."""
        from helpdesk.desk.people import preferences  # here, because it imports the ORM

        chosen = await self._app.backend.call(preferences.preferences)
        self._notifier.ring, self._notifier.popup = chosen.ring, chosen.popup
        self._app.auto_timer = chosen.timing
        self._app.theme = LIGHT.name if chosen.light else DARK.name

    async def change_ring(self) -> None:
        """Switch notifications: silent, terminal bell or desktop notification."""
        notifier = self._notifier
        ring, popup = notifier.ring, notifier.popup
        notifier.ring, notifier.popup = not ring and not popup, ring
        if notifier.ring:
            message = "notifications ring the bell"
        elif notifier.popup:
            message = "notifications are shown on the desktop, if this terminal supports it"
        else:
            message = "notifications are silent"
        self._app.say(message)
        await self._save(ring=notifier.ring, popup=notifier.popup)

    async def change_timing(self) -> None:
        """Switch on or off that opening a ticket starts its timer."""
        app = self._app
        app.auto_timer = not app.auto_timer
        starts = "starts" if app.auto_timer else "does not start"
        app.say(f"the timer {starts} with every ticket that you open.")
        await self._save(timing=app.auto_timer)

    async def change_theme(self) -> None:
        """Switch between the dark and the light theme."""
        self._app.theme = LIGHT.name if self._app.theme == DARK.name else DARK.name
        await self._save(light=self._app.theme == LIGHT.name)

    async def _save(self, **choices: bool) -> None:
        app = self._app
        if app.agent is None:
            return
        from helpdesk.desk.people import preferences  # here, because it imports the ORM

        await app.run_automatic_job(
            "preferences", lambda: app.backend.call(preferences.change_preferences, **choices)
        )
