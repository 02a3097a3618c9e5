"""The agent's preferences (theme, notifications, timer), which the desk stores."""

from helpdesk.domain.i18n import _
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
        self._notifier.quiet = chosen.quiet
        self._app.auto_timer = chosen.timing
        self._app.theme = LIGHT.name if chosen.light else DARK.name

    async def change_ring(self) -> None:
        """Switch how notices come: in the news line, with the bell, on the desktop, or quietly."""
        notifier = self._notifier
        ring, popup, quiet = notifier.ring, notifier.popup, notifier.quiet
        notifier.ring, notifier.popup, notifier.quiet = not (ring or popup or quiet), ring, popup
        if notifier.ring:
            message = _("notices are shown in the news line and ring the bell.")
        elif notifier.popup:
            message = _("notices are shown here and on the desktop, if this terminal can.")
        elif notifier.quiet:
            message = _("notices come quietly: they are counted above, and I lists them.")
        else:
            message = _("notices are shown in the news line, without a sound.")
        self._app.say(message)
        await self._save(ring=notifier.ring, popup=notifier.popup, quiet=notifier.quiet)

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
